/** Any 1-D image with a wavelength axis, and the images beside it that belong to it. */
import { failed, success, type Result } from '../../domain/result.ts';
import type { Spectrum } from '../../domain/spectrum.ts';
import { unknownSurvey } from '../../domain/survey.ts';
import { joinOrKeep } from '../arms.ts';
import { columnMeaning, isErrorRole } from '../columns.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import type { ReadRequest } from '../readOptions.ts';
import { collect, spectraFromColumns, type DataColumn } from '../tabular.ts';
import { frameOf, headerLsf, headerMedium } from './assumed.ts';
import { knownInstrument } from './instruments.ts';
import { linearAxis } from './axis.ts';
import { anyImage, firstImageHdu, type SurveyReader } from './reader.ts';

const isImage = ({ kind, data }: Hdu): boolean => (kind === 'image' && data.length > 0) || kind === 'tiled-image';

/** NAXIS1 × NAXIS2 … */
function axesOf({ header, kind }: Hdu): number[] {
  const z = kind === 'tiled-image' ? 'Z' : '';
  return Array.from({ length: header.number(`${z}NAXIS`) ?? 0 }, (_, i) => header.number(`${z}NAXIS${i + 1}`) ?? 0);
}

const lengthOf = (hdu: Hdu): number => axesOf(hdu).reduce((product, length) => product * length, 1);
const isLine = (hdu: Hdu): boolean => axesOf(hdu).filter((length) => length > 1).length === 1;

/** What the EXTNAME of an image says that it holds; null where it says nothing known. */
const roleOf = (hdu: Hdu) => columnMeaning(hdu.name);
const isFlux = (hdu: Hdu): boolean => {
  const { role, qualifiers } = roleOf(hdu);
  return role === 'flux' && qualifiers.every((word) => !/^(sky|model|noss|cont|continuum|norm\w*|telluric)$/.test(word));
};
const isCompanion = (hdu: Hdu): boolean => {
  const { role } = roleOf(hdu);
  return role !== null && role !== 'flux';
};

/**
 * Any 1-D image with a wavelength axis in its header, or with an image WAVELENGTH beside it, which is then believed. Errors (ERR, SIGMA, IVAR,
 * VAR, SNR), masks and resolution come from images of the same length that are named after them. Several fluxes with their own axes are
 * halves of one spectrum, or spectra of their own. Failures: FITS_NOT_A_SPECTRUM, those of `linearAxis` and `spectraFromColumns`.
 */
export const genericImage: SurveyReader = {
  name: '1-D image',
  identify: (file) => firstImageHdu(file) !== undefined,
  load: (id, file, request) => {
    const images = file.hdus.filter(isImage);
    const lines = images.filter(isLine);
    const named = lines.filter(isFlux);
    const [first] = named.length > 0 ? named : lines.filter((hdu) => !isCompanion(hdu));
    if (!first) {
      const [hdu] = images;
      return failed(
        'FITS_NOT_A_SPECTRUM',
        `HDU ${hdu?.index ?? 0} holds a picture of ${(hdu ? axesOf(hdu) : []).join(' × ')} pixels, not a spectrum.`,
        'Open an extracted 1-D spectrum: a LAMOST, SDSS or MILES file, a table with wavelength and flux, or text.',
      );
    }
    // Others that are named flux, or are like the first in having an axis of their own that starts elsewhere.
    const start = first.header.number('CRVAL1');
    const others = lines.filter(
      (hdu) =>
        hdu !== first &&
        !isCompanion(hdu) &&
        (named.length > 1 ? named.includes(hdu) : hdu.header.has('CRVAL1') && hdu.header.number('CRVAL1') !== start),
    );
    const fluxes = [first, ...others].sort((a, b) => a.index - b.index);
    const results = fluxes.map((hdu) => ({
      hdu,
      result: fromImage(fluxes.length > 1 ? `${id}#${hdu.name === '' ? `HDU${hdu.index}` : hdu.name}` : id, file, hdu, fluxes, request),
    }));
    const read = collect(results.map(({ hdu, result }) => ({ name: `HDU ${hdu.index} "${hdu.name}"`, result })));
    if (!read.ok || fluxes.length === 1) return read;
    const parts = results.flatMap(({ hdu, result }) =>
      result.ok ? result.value.map((spectrum) => ({ name: `HDU ${hdu.index} "${hdu.name}"`, spectrum })) : [],
    );
    const joined = joinOrKeep(id, parts);
    return joined.ok ? success(joined.value, [...read.warnings, ...joined.warnings]) : joined;
  },
};

/** The flux of one HDU with the images of the same length that follow it (up to the next flux). */
function fromImage(id: string, file: FitsFile, hdu: Hdu, fluxes: readonly Hdu[], request: ReadRequest): Result<readonly Spectrum[]> {
  const warnings: string[] = [];
  const image = anyImage(hdu);
  if (!image.ok) return image;
  const { header } = hdu;
  const flux = image.value.data;
  const next = fluxes.find(({ index }) => index > hdu.index)?.index ?? Infinity;
  const from = fluxes[0] === hdu ? 0 : hdu.index;
  const columns: DataColumn[] = [{ name: 'flux', unit: header.text('BUNIT') ?? null, values: flux }];
  for (const other of file.hdus) {
    if (other === hdu || !isImage(other) || other.index < from || other.index >= next || lengthOf(other) !== flux.length) continue;
    if (!isCompanion(other)) continue;
    const values = anyImage(other);
    if (!values.ok) return values;
    const unit = other.header.text('BUNIT') ?? null;
    columns.push({ name: other.name, unit: isErrorRole(roleOf(other).role) && unit !== '%' ? null : unit, values: values.value.data });
  }
  if (!columns.some(({ name }) => /wavelength$/.test(columnMeaning(name).role ?? ''))) {
    const axis = linearAxis(header, flux.length);
    if (!axis.ok) return axis;
    warnings.push(...axis.warnings);
    columns.push({ name: 'wavelength', unit: 'Angstrom', values: axis.value });
  } else if (header.has('CRVAL1')) {
    warnings.push('The file gives wavelengths in an image of their own and an axis in the header: the image is used.');
  }
  const primary = file.hdus[0]?.header;
  const instrument = knownInstrument(header) ?? knownInstrument(primary);
  const read = spectraFromColumns(
    columns,
    {
      id,
      format: 'FITS image',
      survey: unknownSurvey(instrument?.name ?? header.text('INSTRUME') ?? primary?.text('INSTRUME')),
      object: header.text('OBJECT') ?? primary?.text('OBJECT'),
      medium: headerMedium(warnings, header, primary) ?? instrument?.medium ?? null,
      frame: header.has('SPECSYS') || !instrument?.frame ? frameOf(header.has('SPECSYS') || !primary ? header : primary) : instrument.frame,
      lsf: headerLsf(header, primary) ?? instrument?.lsf ?? null,
      fluxUnit: null,
      angstroms: null,
      meta: { date: header.text('DATE-OBS'), telescope: header.text('TELESCOP') },
    },
    request,
  );
  return read.ok ? success(read.value, [...warnings, ...read.warnings]) : read;
}
