import type { Lsf, Spectrum } from '../../domain/spectrum.ts';
import { FWHM_PER_SIGMA, SPEED_OF_LIGHT_KMS } from '../../domain/units.ts';
import { median } from '../../math/statistics.ts';
import { assemble } from '../assemble.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import { readColumn, tableColumns } from '../fits/table.ts';
import { SDSS_MASK, maskSummary, rejecting } from './maskBits.ts';
import { columnNumbers, single, type SurveyReader } from './reader.ts';
import { SDSS, withPipelineClass, withPipelineVelocity } from './records.ts';

/** Where `wdisp` is absent. */
const TYPICAL: Lsf = { kind: 'resolving-power', resolvingPower: 2000 };
/** Pixels per node of R(λ). */
const NODE = 250;

const coadd = (file: FitsFile): Hdu | undefined =>
  file.hdus.find((hdu) => {
    const columns = hdu.kind === 'table' ? tableColumns(hdu) : null;
    const names = columns?.ok ? columns.value.map((column) => column.name.toLowerCase()) : [];
    return ['flux', 'loglam', 'ivar', 'and_mask'].every((name) => names.includes(name));
  });

/** SDSS, SEGUE and BOSS `spec` files: https://data.sdss.org/datamodel/files/BOSS_SPECTRO_REDUX/RUN2D/spectra/PLATE4/spec.html */
export const sdss: SurveyReader = {
  name: 'SDSS',
  identify: (file) => coadd(file) !== undefined,
  load: (id, file, request) => {
    const hdu = coadd(file);
    const header = file.hdus[0]?.header;
    if (!hdu || !header) throw new Error('load before identify');
    const columns: Float64Array[] = [];
    for (const name of ['flux', 'loglam', 'ivar', 'and_mask']) {
      const column = columnNumbers(hdu, name);
      if (!column.ok) return column;
      columns.push(column.value);
    }
    const [flux, loglam, ivar, andMask] = columns;
    if (!flux || !loglam || !ivar || !andMask) throw new Error('four columns');
    const bits = maskSummary(andMask, SDSS_MASK);
    const result = pipelineResult(file);
    return single(
      assemble(
        {
          id,
          survey: withPipelineClass(withPipelineVelocity(SDSS, result['rv_pipeline_kms']), result['class'], result['subclass']),
          object: header.text('OBJECT'),
          wavelength: loglam.map((log) => 10 ** log),
          flux,
          ivar,
          mask: andMask.map((bits) => rejecting(bits, SDSS_MASK)),
          medium: header.get('VACUUM') === false ? 'air' : 'vacuum',
          frame: header.has('HELIO_RV') ? 'barycentric' : 'observed',
          fluxUnit: header.text('BUNIT') ?? '1E-17 erg/cm^2/s/Ang',
          lsf: lineSpread(hdu, loglam, ivar),
          meta: {
            plate: header.number('PLATEID'),
            mjd: header.number('MJD'),
            fibre: header.number('FIBERID'),
            ra_deg: header.number('PLUG_RA'),
            dec_deg: header.number('PLUG_DEC'),
            exposure_s: header.number('EXPTIME'),
            helio_correction_kms: header.number('HELIO_RV'),
            pipeline: header.text('VERS2D'),
            ...result,
            mask_rejected: bits.rejected,
            mask_warned: bits.warned,
          },
        },
        request.options,
      ),
    );
  },
};

/** R(λ) from `wdisp`, σ of the line-spread function in pixels of Δlog10 λ: medians over the good pixels of each stretch. */
function lineSpread(hdu: Hdu, loglam: Float64Array, ivar: Float64Array): Lsf {
  const wdisp = columnNumbers(hdu, 'wdisp');
  if (!wdisp.ok) return TYPICAL;
  const step = ((loglam.at(-1) ?? 0) - (loglam[0] ?? 0)) / (loglam.length - 1);
  const wavelength: number[] = [];
  const resolvingPower: number[] = [];
  for (let from = 0; from < loglam.length; from += NODE) {
    const to = Math.min(loglam.length, from + NODE);
    const sigma = median(wdisp.value.subarray(from, to).filter((pixels, i) => pixels > 0 && (ivar[from + i] ?? 0) > 0));
    if (!(sigma > 0)) continue;
    wavelength.push(Math.round(10 ** (loglam[(from + to) >> 1] ?? 0)));
    resolvingPower.push(Math.round(1 / (FWHM_PER_SIGMA * sigma * step * Math.LN10)));
  }
  return wavelength.length > 0 ? { kind: 'table', wavelength, resolvingPower } : TYPICAL;
}

/** What the catalogue row in HDU 2 says, where it is there. */
function pipelineResult(file: FitsFile): Spectrum['meta'] {
  const hdu = file.hdus[2];
  if (hdu?.kind !== 'table') return {};
  const meta: Record<string, string | number> = {};
  for (const [column, key] of Object.entries({
    SURVEY: 'survey',
    CLASS: 'class',
    SUBCLASS: 'subclass',
    Z: 'z_pipeline',
    Z_ERR: 'z_error_pipeline',
  })) {
    const read = readColumn(hdu, column);
    if (!read.ok) continue;
    const { values } = read.value;
    const value = values.kind === 'strings' || values.kind === 'numbers' ? values.values[0] : undefined;
    if (value !== undefined) meta[key] = value;
  }
  const z = meta['z_pipeline'];
  return typeof z === 'number' ? { ...meta, rv_pipeline_kms: SPEED_OF_LIGHT_KMS * z } : meta;
}
