import { failed, success, type Result } from '../../domain/result.ts';
import type { Spectrum } from '../../domain/spectrum.ts';
import { assemble } from '../assemble.ts';
import type { FitsHeader } from '../fits/header.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import type { ReadOptions } from '../readOptions.ts';
import { lamostMeta } from './lamostMeta.ts';
import { LAMOST_MASK, maskSummary, rejecting } from './maskBits.ts';
import { anyImage, columnNumbers, firstImageHdu, single, type SurveyReader } from './reader.ts';
import { LAMOST, withPipelineClass, withPipelineVelocity } from './records.ts';

/** Resolving power at 5500 Å that the survey states (Luo et al. 2015, RAA 15, 1095); it varies along the spectrum and between fibres. */
const RESOLVING_POWER = 1800;
/** A wavelength column that differs more than this from COEFF0 + COEFF1·i is believed instead, Å. Its float32 rounding is 0.003 Å. */
const WAVELENGTH_TOLERANCE = 0.02;

/** True for any LAMOST product, medium resolution included. */
export function isLamost(file: FitsFile): boolean {
  return file.hdus
    .slice(0, 2)
    .some(({ header }) => header.text('TELESCOP') === 'LAMOST' || (header.text('ORIGIN') ?? '').includes('LAMOST'));
}

const coadd = (file: FitsFile): Hdu | undefined => file.hdus.find((hdu) => hdu.kind === 'table' && hdu.name === 'COADD');

/** DR9 and later: HDU1 `COADD`, one row with FLUX, IVAR, WAVELENGTH, ANDMASK, ORMASK, NORMALIZATION. https://www.lamost.org/dr10/v2.0/doc/lr-data-production-description */
export const lamostTable: SurveyReader = {
  name: 'LAMOST (table layout)',
  identify: (file) => isLamost(file) && coadd(file) !== undefined,
  load: (id, file, request) => {
    const hdu = coadd(file);
    const header = file.hdus[0]?.header;
    if (!hdu || !header) throw new Error('load before identify');
    const columns: Float64Array[] = [];
    for (const name of ['FLUX', 'IVAR', 'WAVELENGTH', 'ANDMASK', 'ORMASK']) {
      const column = columnNumbers(hdu, name);
      if (!column.ok) return column;
      columns.push(column.value);
    }
    const [flux, ivar, wavelength, andMask, orMask] = columns;
    if (!flux || !ivar || !wavelength || !andMask || !orMask) throw new Error('five columns');
    return single(build(id, header, request.options, { flux, ivar, wavelength, andMask, orMask }));
  },
};

/**
 * Pilot to DR8: the primary array has rows flux, inverse variance, wavelength, and-mask, or-mask; wavelengths follow COEFF0 and COEFF1. In
 * the pilot survey and DR1 the third row is the continuum-subtracted flux instead: EXTEN0 tells. https://www.lamost.org/public/dr/algorithms/ff
 */
export const lamostImage: SurveyReader = {
  name: 'LAMOST (image layout)',
  identify: (file) => {
    const hdu = firstImageHdu(file);
    return isLamost(file) && hdu !== undefined && (rowCount(hdu.header) ?? 0) >= 5;
  },
  load: (id, file, request) => {
    const hdu = firstImageHdu(file);
    if (!hdu) throw new Error('load before identify');
    const image = anyImage(hdu);
    if (!image.ok) return image;
    const n = image.value.shape.at(-1) ?? 0;
    const row = (k: number): Float64Array => image.value.data.subarray(k * n, (k + 1) * n);
    const hasWavelength = /wavelength/i.test(hdu.header.text('EXTEN0') ?? '');
    const wavelength = hasWavelength ? row(2) : null;
    return single(build(id, hdu.header, request.options, { flux: row(0), ivar: row(1), wavelength, andMask: row(3), orMask: row(4) }));
  },
};

const rowCount = (header: FitsHeader): number | undefined => header.number('ZNAXIS2') ?? header.number('NAXIS2');

interface LamostArrays {
  readonly flux: Float64Array;
  readonly ivar: Float64Array;
  readonly wavelength: Float64Array | null;
  /** A pixel that is bad in every exposure. Rejected. */
  readonly andMask: Float64Array;
  /** A pixel that is bad in at least one exposure: the others stand, so that it is counted in `meta` but not rejected. */
  readonly orMask: Float64Array;
}

function build(id: string, header: FitsHeader, options: ReadOptions, arrays: LamostArrays): Result<Spectrum> {
  const wavelength = wavelengths(header, arrays.wavelength, arrays.flux.length);
  if (!wavelength.ok) return wavelength;
  const meta = lamostMeta(
    header,
    arrays.orMask.reduce((count, bits) => count + (bits !== 0 ? 1 : 0), 0),
  );
  const built = assemble(
    {
      id,
      survey: withPipelineClass(withPipelineVelocity(LAMOST, meta['rv_pipeline_kms']), meta['class'], meta['subclass']),
      object: header.text('DESIG') ?? header.text('OBJNAME'),
      wavelength: wavelength.value,
      flux: arrays.flux,
      ivar: arrays.ivar,
      mask: arrays.andMask.map((bits) => rejecting(bits, LAMOST_MASK)),
      medium: header.get('VACUUM') === false ? 'air' : 'vacuum',
      frame: header.get('HELIO') === false ? 'observed' : 'barycentric',
      fluxUnit: 'relative flux',
      lsf: { kind: 'resolving-power', resolvingPower: RESOLVING_POWER },
      meta: {
        ...meta,
        mask_rejected: maskSummary(arrays.andMask, LAMOST_MASK).rejected,
        mask_in_some_exposure: maskSummary(arrays.orMask, LAMOST_MASK).rejected,
      },
    },
    options,
  );
  return built.ok ? success(built.value, [...wavelength.warnings, ...built.warnings]) : built;
}

/** 10^(COEFF0 + COEFF1·i), which is exact where the stored float32 wavelengths are not; those, where the two disagree. */
function wavelengths(header: FitsHeader, stored: Float64Array | null, n: number): Result<Float64Array> {
  const start = header.number('COEFF0');
  const step = header.number('COEFF1');
  if (start === undefined || step === undefined) {
    return stored
      ? success(stored)
      : failed('LAMOST_NO_WAVELENGTH', 'The LAMOST header has no COEFF0 and COEFF1.', 'Download the file again from the LAMOST archive.');
  }
  const computed = Float64Array.from({ length: n }, (_, i) => 10 ** (start + step * i));
  if (!stored) return success(computed);
  const worst = computed.reduce((max, value, i) => Math.max(max, Math.abs(value - (stored[i] ?? NaN))), 0);
  if (worst <= WAVELENGTH_TOLERANCE) return success(computed);
  return success(stored, [
    `The stored wavelengths differ by up to ${worst.toPrecision(3)} Å from COEFF0 and COEFF1; the stored ones are used.`,
  ]);
}
