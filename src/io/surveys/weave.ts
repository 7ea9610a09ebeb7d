/**
 * WEAVE L1 spectra (single exposures and stacks), one arm a file: images BLUE_DATA or RED_DATA with a row per fibre, …_IVAR, …_SENSFUNC and
 * FIBTABLE. Jin et al. 2024, MNRAS 530, 2688, section 5; https://casu.ast.cam.ac.uk/weave/. Flux is DATA × SENSFUNC.
 */
import { failed, success, type Result } from '../../domain/result.ts';
import type { Lsf, Spectrum } from '../../domain/spectrum.ts';
import { areArms, joinArms } from '../arms.ts';
import { assemble } from '../assemble.ts';
import { readSlab } from '../fits/image.ts';
import type { FitsHeader } from '../fits/header.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import { readColumn } from '../fits/table.ts';
import { readTiledImage } from '../fits/tiledImage.ts';
import type { ReadRequest } from '../readOptions.ts';
import { collect } from '../tabular.ts';
import { frameOf, headerLsf, headerMedium } from './assumed.ts';
import { linearAxis } from './axis.ts';
import { anyImage, type SurveyReader } from './reader.ts';
import { WEAVE } from './records.ts';

const ARMS = ['BLUE', 'RED', 'GREEN'] as const;
const MAX_TARGETS = 50;
/** λ/FWHM of the low- and the high-resolution gratings (Jin et al. 2024, table 1). */
const LOW = 5000;
const HIGH = 20_000;

const named = (file: FitsFile, name: string): Hdu | undefined => file.hdus.find((hdu) => hdu.name.toUpperCase() === name);
const armsOf = (file: FitsFile): string[] =>
  ARMS.filter((arm) => named(file, `${arm}_DATA`) !== undefined && named(file, `${arm}_IVAR`) !== undefined);
const length = ({ header }: Hdu, axis: number): number => header.number(`ZNAXIS${axis}`) ?? header.number(`NAXIS${axis}`) ?? 1;

export const weave: SurveyReader = {
  name: 'WEAVE',
  identify: (file) => armsOf(file).length > 0,
  load: (id, file, request) => {
    const arms = armsOf(file);
    const data = named(file, `${arms[0] ?? ''}_DATA`);
    if (!data) throw new Error('load before identify');
    const rows = length(data, 2);
    const fibres = fibresOf(file, rows);
    const wanted = request.options.target?.trim();
    const found = wanted === undefined ? undefined : (fibres.find(({ names }) => names.includes(wanted)) ?? fibres[Number(wanted) - 1]);
    if (wanted !== undefined && !found) {
      return failed(
        'TARGET_UNKNOWN',
        `The file has ${fibres.length} fibres, and none is of ${wanted}.`,
        `Give a target: ${listed(fibres)}.`,
      );
    }
    const stars = found ? [found] : fibres.filter(({ isTarget }) => isTarget);
    if (stars.length > MAX_TARGETS) {
      return failed('TARGET_NEEDED', `The file holds ${stars.length} targets.`, `Choose one by its name or CNAME: ${listed(stars)}.`);
    }
    return collect(
      stars.map((fibre) => {
        const name = rows > 1 ? `${id}#${fibre.names[0] ?? String(fibre.row + 1)}` : id;
        const parts = arms.map((arm) => ({ name: arm, result: oneArm(name, file, arm, fibre, request) }));
        const read = collect(parts);
        const joined = read.ok && areArms(read.value) ? joinArms(name, read.value) : null;
        return { name, result: joined ?? read };
      }),
    );
  },
};

interface Fibre {
  readonly row: number;
  /** TARGNAME, TARGID, CNAME. */
  readonly names: readonly string[];
  readonly isTarget: boolean;
}

/** The fibres by FIBTABLE: NSPEC is the row from 1, TARGUSE S is sky, T a target. */
function fibresOf(file: FitsFile, rows: number): Fibre[] {
  const table = named(file, 'FIBTABLE');
  const strings = (name: string): readonly string[] => {
    const read = table ? readColumn(table, name) : null;
    if (!read?.ok) return [];
    const { values } = read.value;
    return values.kind === 'strings' ? values.values : values.kind === 'numbers' ? Array.from(values.values, String) : [];
  };
  const [targname, targid, cname, use, nspec] = [
    strings('TARGNAME'),
    strings('TARGID'),
    strings('CNAME'),
    strings('TARGUSE'),
    strings('NSPEC'),
  ];
  const count = Math.max(rows, 0);
  return Array.from({ length: count }, (_, row) => {
    const at = nspec.length > 0 ? nspec.indexOf(String(row + 1)) : row;
    const names = [targname[at], targid[at], cname[at]].filter((name): name is string => name !== undefined && name.trim() !== '');
    return { row, names, isTarget: use.length === 0 || (use[at] ?? '').trim().toUpperCase() === 'T' };
  });
}

const listed = (fibres: readonly Fibre[]): string =>
  `${fibres
    .slice(0, 6)
    .map(({ names, row }) => names[0] ?? String(row + 1))
    .join(', ')}${fibres.length > 6 ? ' …' : ''}`;

function oneArm(id: string, file: FitsFile, arm: string, fibre: Fibre, request: ReadRequest): Result<Spectrum> {
  const [data, inverse, sensitivity] = [named(file, `${arm}_DATA`), named(file, `${arm}_IVAR`), named(file, `${arm}_SENSFUNC`)];
  if (!data || !inverse) throw new Error('an arm without data');
  const row = (hdu: Hdu): Result<Float64Array> => {
    if (length(hdu, 2) > 1) return readSlab(hdu, fibre.row, readTiledImage);
    const image = anyImage(hdu);
    return image.ok ? success(image.value.data) : image;
  };
  const [counts, ivar] = [row(data), row(inverse)];
  if (!counts.ok) return counts;
  if (!ivar.ok) return ivar;
  const factor = sensitivity ? row(sensitivity) : null;
  const scale = (i: number): number => {
    const value = factor?.ok ? (factor.value[i] ?? NaN) : 1;
    return value > 0 ? value : NaN;
  };
  const axis = linearAxis(data.header, counts.value.length);
  if (!axis.ok) return axis;
  const primary = file.hdus[0]?.header;
  const warnings: string[] = [];
  const built = assemble(
    {
      id,
      survey: WEAVE,
      object: fibre.names[0],
      wavelength: axis.value,
      flux: counts.value.map((value, i) => value * scale(i)),
      ivar: ivar.value.map((value, i) => value / scale(i) ** 2),
      medium: headerMedium(warnings, data.header, primary),
      frame: frameOf(data.header.has('SPECSYS') || !primary ? data.header : primary),
      fluxUnit: factor?.ok ? 'erg/(s cm2 Angstrom)' : (data.header.text('BUNIT') ?? null),
      lsf: headerLsf(data.header, primary) ?? gratingLsf(primary),
      meta: { arm, date: primary?.text('DATE-OBS'), cname: fibre.names.at(-1), exposure_s: primary?.number('EXPTIME') },
    },
    request.options,
  );
  return built.ok ? success(built.value, [...axis.warnings, ...warnings, ...built.warnings]) : built;
}

/** The grating by the keywords of the primary header (MODE, VPH, RES-OBS): low resolution unless it says high. */
function gratingLsf(primary: FitsHeader | undefined): Lsf {
  const said = ['VPH', 'VPH1', 'RES-OBS', 'MODE', 'OBSMODE', 'RESOLUT'].map((keyword) => primary?.text(keyword) ?? '').join(' ');
  return { kind: 'resolving-power', resolvingPower: /high|\bHR/i.test(said) ? HIGH : LOW };
}
