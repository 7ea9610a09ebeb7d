/**
 * DESI spectra, coadds and cframes: arms B, R, Z (or joined, BRZ) as images with a row per target, wavelengths in vacuum, barycentric.
 * https://desidatamodel.readthedocs.io/en/latest/DESI_SPECTRO_REDUX/SPECPROD/healpix/SURVEY/PROGRAM/PIXGROUP/PIXNUM/coadd-SURVEY-PROGRAM-PIXNUM.html
 * and …/exposures/NIGHT/EXPID/cframe-CAMERA-EXPID.html.
 */
import { failed, success, type Result } from '../../domain/result.ts';
import type { Lsf, Spectrum } from '../../domain/spectrum.ts';
import { areArms, joinArms } from '../arms.ts';
import { assemble } from '../assemble.ts';
import { readSlab } from '../fits/image.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import { readColumn } from '../fits/table.ts';
import { readTiledImage } from '../fits/tiledImage.ts';
import type { ReadRequest } from '../readOptions.ts';
import { collect } from '../tabular.ts';
import { resolutionMatrixLsf } from './desiResolution.ts';
import { DESI_MASK, maskSummary, rejecting } from './maskBits.ts';
import { anyImage, type SurveyReader } from './reader.ts';
import { DESI } from './records.ts';

/** Without a choice, files with more targets than this name them and ask for one. */
const MAX_TARGETS = 50;
/** Å; where a file has no resolution matrix (DESI Collaboration 2022, AJ 164, 207, figure 33: 1.8 Å in all arms, within 15 %). */
const TYPICAL: Lsf = { kind: 'fwhm', fwhm: 1.8 };

/** The images of one arm. */
interface Arm {
  readonly name: string;
  readonly wavelength: Hdu;
  readonly flux: Hdu;
  readonly ivar: Hdu;
  readonly mask: Hdu | undefined;
  readonly resolution: Hdu | undefined;
}

function armsOf(file: FitsFile): Arm[] {
  const named = (name: string): Hdu | undefined => file.hdus.find((hdu) => hdu.name.toUpperCase() === name);
  const prefixes = file.hdus.flatMap((hdu) => /^([A-Z]+)_FLUX$/.exec(hdu.name.toUpperCase())?.[1] ?? []);
  const all = prefixes.map((prefix) => `${prefix}_`);
  // cframe: one camera, without prefixes.
  if (named('FIBERMAP') && named('RESOLUTION')) all.push('');
  return all.flatMap((prefix) => {
    const [wavelength, flux, ivar] = [named(`${prefix}WAVELENGTH`), named(`${prefix}FLUX`), named(`${prefix}IVAR`)];
    if (!wavelength || !flux || !ivar) return [];
    return [
      { name: prefix.replace('_', ''), wavelength, flux, ivar, mask: named(`${prefix}MASK`), resolution: named(`${prefix}RESOLUTION`) },
    ];
  });
}

export const desi: SurveyReader = {
  name: 'DESI',
  identify: (file) => armsOf(file).length > 0,
  load: (id, file, request) => {
    const arms = armsOf(file);
    const rows = arms[0]?.flux.header.number('NAXIS2') ?? arms[0]?.flux.header.number('ZNAXIS2') ?? 1;
    const targets = targetsOf(file, rows);
    const chosen = choose(targets, request);
    if (!chosen.ok) return chosen;
    const results = chosen.value.map((target) => {
      const name = rows > 1 ? `${id}#${target.id}` : id;
      return { name, result: oneTarget(name, file, arms, target, request) };
    });
    return collect(results, chosen.warnings);
  },
};

interface Target {
  readonly row: number;
  /** TARGETID, which may exceed 2⁵³; the row's number where there is no FIBERMAP. */
  readonly id: string;
  readonly isTarget: boolean;
  readonly meta: Spectrum['meta'];
}

function targetsOf(file: FitsFile, rows: number): Target[] {
  const fibermap = file.hdus.find(({ name, kind }) => name.toUpperCase() === 'FIBERMAP' && kind === 'table');
  const column = (name: string): readonly (string | number | bigint)[] | null => {
    const read = fibermap ? readColumn(fibermap, name) : null;
    if (!read?.ok) return null;
    const { values } = read.value;
    return values.kind === 'numbers'
      ? [...values.values]
      : values.kind === 'integers64' || values.kind === 'strings'
        ? values.values
        : null;
  };
  const ids = column('TARGETID');
  const types = column('OBJTYPE');
  const facts = { ra_deg: column('TARGET_RA'), dec_deg: column('TARGET_DEC'), fibre: column('FIBER'), status: column('COADD_FIBERSTATUS') };
  const header = file.hdus[0]?.header;
  return Array.from({ length: rows }, (_, row) => {
    const meta: Record<string, string | number> = { targetid: String(ids?.[row] ?? row + 1) };
    for (const [key, values] of Object.entries(facts)) {
      const value = values?.[row];
      if (value !== undefined) meta[key] = typeof value === 'bigint' ? String(value) : value;
    }
    for (const [key, keyword] of Object.entries({ tile: 'TILEID', night: 'NIGHT', program: 'PROGRAM', survey_program: 'SURVEY' })) {
      const value = header?.get(keyword);
      if (typeof value === 'string' || typeof value === 'number') meta[key] = value;
    }
    const type = types?.[row];
    return { row, id: String(ids?.[row] ?? row + 1), isTarget: type === undefined || type === 'TGT' || !types?.includes('TGT'), meta };
  });
}

/** All targets, or the one that is asked for by TARGETID (or by row). */
function choose(targets: readonly Target[], { options }: ReadRequest): Result<readonly Target[]> {
  const wanted = options.target?.trim();
  if (wanted !== undefined) {
    const found = targets.find(({ id }) => id === wanted) ?? targets[Number(wanted) - 1];
    if (found) return success([found]);
    return failed(
      'TARGET_UNKNOWN',
      `The file has ${targets.length} targets, and none is ${wanted}.`,
      `Give a TARGETID: ${listed(targets)}.`,
    );
  }
  const stars = targets.filter(({ isTarget }) => isTarget);
  if (stars.length > MAX_TARGETS) {
    return failed('TARGET_NEEDED', `The file holds ${stars.length} targets.`, `Choose one by its TARGETID: ${listed(stars)}.`);
  }
  const sky = targets.length - stars.length;
  return success(stars, sky > 0 ? [`${sky} of ${targets.length} rows are sky or unassigned fibres and are left out.`] : []);
}

const listed = (targets: readonly Target[]): string =>
  `${targets
    .slice(0, 8)
    .map(({ id }) => id)
    .join(', ')}${targets.length > 8 ? ' …' : ''}`;

function oneTarget(id: string, file: FitsFile, arms: readonly Arm[], target: Target, request: ReadRequest): Result<Spectrum> {
  const results = arms.map((arm) => ({ name: `arm ${arm.name}`, result: oneArm(id, arm, target, request) }));
  const read = collect(results);
  if (!read.ok) return read;
  const [only] = read.value;
  if (read.value.length === 1 && only) return success(only, read.warnings);
  if (!areArms(read.value))
    return failed('ARMS_OVERLAP', 'The arms of the file cover the same wavelengths.', 'Open a coadd with one spectrum per arm.');
  const joined = joinArms(id, read.value);
  return joined.ok ? success(joined.value, [...read.warnings, ...joined.warnings]) : joined;
}

function oneArm(id: string, arm: Arm, target: Target, request: ReadRequest): Result<Spectrum> {
  const wavelength = anyImage(arm.wavelength);
  if (!wavelength.ok) return wavelength;
  const row = (hdu: Hdu): Result<Float64Array> => readSlab(hdu, hdu.header.number('NAXIS') === 1 ? 0 : target.row, readTiledImage);
  const whole = (hdu: Hdu): Result<Float64Array> => {
    if (hdu.kind === 'image' && hdu.header.number('NAXIS') === 1) {
      const image = anyImage(hdu);
      return image.ok ? success(image.value.data) : image;
    }
    return row(hdu);
  };
  const [flux, ivar] = [whole(arm.flux), whole(arm.ivar)];
  if (!flux.ok) return flux;
  if (!ivar.ok) return ivar;
  const mask = arm.mask ? whole(arm.mask) : null;
  if (mask && !mask.ok) return mask;
  const bits = mask?.value ?? new Float64Array(flux.value.length);
  const resolution = arm.resolution ? row(arm.resolution) : null;
  const lsf = resolution?.ok ? resolutionMatrixLsf(wavelength.value.data, resolution.value) : null;
  const summary = maskSummary(bits, DESI_MASK);
  return assemble(
    {
      id,
      survey: DESI,
      object: target.id,
      wavelength: wavelength.value.data,
      flux: flux.value,
      ivar: ivar.value,
      mask: bits.map((value) => rejecting(value, DESI_MASK)),
      medium: 'vacuum',
      frame: 'barycentric',
      fluxUnit: arm.flux.header.text('BUNIT') ?? '10**-17 erg/(s cm2 Angstrom)',
      lsf: lsf ?? TYPICAL,
      meta: { ...target.meta, [`mask_rejected_${arm.name.toLowerCase()}`]: summary.rejected },
    },
    request.options,
  );
}
