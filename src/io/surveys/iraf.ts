/**
 * IRAF's spectra: several in one image, one a line (`equispec`, `multispec`) and up to four bands of `apall` (spectrum, raw, background,
 * sigma). World coordinates in WATj_nnn: https://iraf.net/irafhelp.php?val=onedspec.package, "specwcs" (Valdes 1993, ADASS II, 467).
 */
import { success, type Result } from '../../domain/result.ts';
import type { Spectrum } from '../../domain/spectrum.ts';
import { unknownSurvey } from '../../domain/survey.ts';
import type { FitsHeader } from '../fits/header.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import type { ReadRequest } from '../readOptions.ts';
import { collect, spectraFromColumns, type DataColumn } from '../tabular.ts';
import { frameOf, headerLsf, headerMedium } from './assumed.ts';
import { linearAxis } from './axis.ts';
import { dispersion } from './irafDispersion.ts';
import { anyImage, firstImageHdu, type SurveyReader } from './reader.ts';

/** NAXIS1, NAXIS2, NAXIS3 of the image: pixels, lines, bands. */
function shapeOf({ header, kind }: Hdu): [number, number, number] {
  const z = kind === 'tiled-image' ? 'Z' : '';
  const axis = (i: number): number => header.number(`${z}NAXIS${i}`) ?? 1;
  return [axis(1), axis(2), axis(3)];
}

const isIraf = (header: FitsHeader): boolean =>
  header.has('WAT0_001') || header.has('BANDID1') || header.has('APNUM1') || (header.text('CTYPE1') ?? '').startsWith('MULTISPE');

export const iraf: SurveyReader = {
  name: 'IRAF lines and bands',
  identify: (file) => {
    const hdu = firstImageHdu(file);
    if (!hdu || !isIraf(hdu.header)) return false;
    const [pixels, lines, bands] = shapeOf(hdu);
    return pixels > 20 && (lines > 1 || bands > 1 || (hdu.header.text('CTYPE1') ?? '').startsWith('MULTISPE'));
  },
  load: (id, file, request) => {
    const hdu = firstImageHdu(file);
    if (!hdu) throw new Error('load before identify');
    const image = anyImage(hdu);
    if (!image.ok) return image;
    const [pixels, lines, bands] = shapeOf(hdu);
    const row = (line: number, band: number): Float64Array =>
      image.value.data.subarray((band * lines + line) * pixels, (band * lines + line + 1) * pixels);
    const names = Array.from({ length: bands }, (_, band) => hdu.header.text(`BANDID${band + 1}`) ?? '');
    const roles = bandRoles(names);
    const results = Array.from({ length: lines }, (_, line) => {
      const name = lines > 1 ? `${id}#${line + 1}` : id;
      return { name, result: oneLine(name, file, hdu, line, (band) => row(line, band), roles, request) };
    });
    const wanted = Number(request.options.target);
    const chosen = lines > 1 && Number.isInteger(wanted) && wanted >= 1 && wanted <= lines ? results.slice(wanted - 1, wanted) : results;
    return collect(chosen);
  },
};

/** Which band is the flux and which its σ, by BANDIDn; without names the first is the flux, and the others are not used. */
function bandRoles(names: readonly string[]): { flux: number; sigma: number | null } {
  const flux = names.findIndex((name) => /^spectrum/i.test(name));
  const sigma = names.findIndex((name) => /sigma|error/i.test(name));
  return { flux: Math.max(0, flux), sigma: sigma < 0 ? null : sigma };
}

function oneLine(
  id: string,
  file: FitsFile,
  hdu: Hdu,
  line: number,
  band: (index: number) => Float64Array,
  roles: { flux: number; sigma: number | null },
  request: ReadRequest,
): Result<readonly Spectrum[]> {
  const { header } = hdu;
  const warnings: string[] = [];
  const flux = band(roles.flux);
  const axis = (header.text('CTYPE1') ?? '').startsWith('MULTISPE')
    ? dispersion(header, line, flux.length)
    : linearAxis(header, flux.length);
  if (!axis.ok) return axis;
  if (roles.sigma === null && header.has('BANDID1')) warnings.push('No band of the image is named sigma.');
  const columns: DataColumn[] = [
    { name: 'wavelength', unit: 'Angstrom', values: axis.value },
    { name: 'flux', unit: header.text('BUNIT') ?? null, values: flux },
    ...(roles.sigma === null ? [] : [{ name: 'sigma', values: band(roles.sigma) }]),
  ];
  const read = spectraFromColumns(
    columns,
    {
      id,
      format: `IRAF ${header.text('WAT0_001') ?? ''}`,
      survey: unknownSurvey(header.text('INSTRUME')),
      object: header.text(`APID${line + 1}`) ?? header.text('OBJECT'),
      medium: headerMedium(warnings, header, file.hdus[0]?.header),
      frame: frameOf(header),
      lsf: headerLsf(header),
      fluxUnit: null,
      angstroms: 1,
      meta: { date: header.text('DATE-OBS'), telescope: header.text('TELESCOP'), aperture: header.text(`APNUM${line + 1}`) },
    },
    request,
  );
  return read.ok ? success(read.value, [...axis.warnings, ...warnings, ...read.warnings]) : read;
}
