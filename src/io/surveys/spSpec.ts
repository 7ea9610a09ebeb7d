/** SDSS DR1–DR7 `spSpec` files: https://classic.sdss.org/dr7/dm/flatFiles/spSpec.php */
import { SPEED_OF_LIGHT_KMS } from '../../domain/units.ts';
import { assemble } from '../assemble.ts';
import { toIvar } from '../columns.ts';
import type { FitsFile } from '../fits/openFits.ts';
import { linearAxis } from './axis.ts';
import { SDSS_MASK, maskSummary, rejecting } from './maskBits.ts';
import { anyImage, firstImageHdu, single, type SurveyReader } from './reader.ts';
import { SDSS, withPipelineClass, withPipelineVelocity } from './records.ts';

/** SPEC_CLN: what the pipeline took the object for. */
const CLASSES = ['UNKNOWN', 'STAR', 'GALAXY', 'QSO', 'HIZ_QSO', 'SKY', 'STAR_LATE', 'GAL_EM'] as const;

const rows = (file: FitsFile): number => firstImageHdu(file)?.header.number('NAXIS2') ?? 0;

/** Rows of the primary image: flux, continuum-subtracted flux, σ, mask (and what later reductions add); log10 wavelengths, vacuum, heliocentric. */
export const spSpec: SurveyReader = {
  name: 'SDSS DR1–DR7 (spSpec)',
  identify: (file) => {
    const header = firstImageHdu(file)?.header;
    return (header?.text('TELESCOP') ?? '').startsWith('SDSS') && header?.has('COEFF0') === true && rows(file) >= 4 && rows(file) <= 6;
  },
  load: (id, file, request) => {
    const hdu = firstImageHdu(file);
    if (!hdu) throw new Error('load before identify');
    const image = anyImage(hdu);
    if (!image.ok) return image;
    const { header } = hdu;
    const n = image.value.shape.at(-1) ?? 0;
    const row = (k: number): Float64Array => image.value.data.slice(k * n, (k + 1) * n);
    const axis = linearAxis(header, n);
    if (!axis.ok) return axis;
    const flux = row(0);
    const mask = row(3);
    const z = header.number('Z');
    const bits = maskSummary(mask, SDSS_MASK);
    return single(
      assemble(
        {
          id,
          survey: withPipelineClass(
            withPipelineVelocity(SDSS, z === undefined ? undefined : SPEED_OF_LIGHT_KMS * z),
            CLASSES[header.number('SPEC_CLN') ?? -1],
          ),
          object: header.text('NAME') ?? header.text('OBJECT'),
          wavelength: axis.value,
          flux,
          ivar: toIvar('sigma', row(2), flux),
          mask: mask.map((value) => rejecting(value, SDSS_MASK)),
          medium: header.get('VACUUM') === false || header.get('VACUUM') === 0 ? 'air' : 'vacuum',
          frame: header.has('HELIO_RV') ? 'barycentric' : 'observed',
          fluxUnit: header.text('BUNIT') ?? '1E-17 erg/cm^2/s/Ang',
          // R rises from 1850 to 2200: https://classic.sdss.org/dr7/instruments/spectrographs/
          lsf: { kind: 'table', wavelength: [3800, 9200], resolvingPower: [1850, 2200] },
          meta: {
            plate: header.number('PLATEID'),
            mjd: header.number('MJD'),
            fibre: header.number('FIBERID'),
            ra_deg: header.number('RAOBJ'),
            dec_deg: header.number('DECOBJ'),
            helio_correction_kms: header.number('HELIO_RV'),
            class: CLASSES[header.number('SPEC_CLN') ?? -1] ?? header.text('OBJTYPE'),
            z_pipeline: z,
            z_error_pipeline: header.number('Z_ERR'),
            rv_pipeline_kms: z === undefined ? undefined : SPEED_OF_LIGHT_KMS * z,
            mask_rejected: bits.rejected,
            mask_warned: bits.warned,
          },
        },
        request.options,
      ),
    );
  },
};
