/**
 * 4MOST L1 spectra: ESO science data products, one row with WAVE, FLUX, ERR_FLUX, QUAL, FLUX_NOSS, ERR_FLUX_NOSS (no sky subtraction) in
 * `PHASE3SPECTRUM`. https://www.eso.org/sci/observing/phase3/p3sdpstd.pdf; de Jong et al. 2019, The Messenger 175, 3.
 */
import type { Lsf } from '../../domain/spectrum.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import { SPEED_OF_LIGHT_KMS } from '../../domain/units.ts';
import { headerLsf } from './assumed.ts';
import { describedColumns, fromTable } from './genericTable.ts';
import type { SurveyReader } from './reader.ts';
import { FOURMOST, withPipelineVelocity } from './records.ts';

/** λ/FWHM of the low-resolution spectrographs along the spectrum (de Jong et al. 2019, figure 3), where SPEC_RES is absent. */
const LOW_RESOLUTION: Lsf = {
  kind: 'table',
  wavelength: [3700, 4500, 5500, 6900, 8000, 9500],
  resolvingPower: [4000, 5000, 6000, 6000, 6500, 7700],
};

function spectrumTable(file: FitsFile): Hdu | undefined {
  return file.hdus.find((hdu) => {
    const names = new Set(describedColumns(hdu).map(({ name }) => name.toUpperCase()));
    return ['WAVE', 'FLUX', 'ERR_FLUX', 'FLUX_NOSS'].every((name) => names.has(name));
  });
}

export const fourmost: SurveyReader = {
  name: '4MOST',
  identify: (file) => {
    const primary = file.hdus[0]?.header;
    const instrument = primary?.text('INSTRUME') ?? '';
    return spectrumTable(file) !== undefined && (/QMOST|4MOST/i.test(instrument) || primary?.has('TRG_UID') === true);
  },
  load: (id, file, request) => {
    const hdu = spectrumTable(file);
    const primary = file.hdus[0]?.header;
    if (!hdu || !primary) throw new Error('load before identify');
    const z = primary.number('REDSHIFT') ?? hdu.header.number('REDSHIFT');
    return fromTable(id, file, hdu, request, {
      survey: withPipelineVelocity(FOURMOST, z === undefined ? undefined : SPEED_OF_LIGHT_KMS * z),
      object: primary.text('OBJECT') ?? hdu.header.text('TRG_NME') ?? hdu.header.text('CNAME'),
      lsf: headerLsf(hdu.header, primary) ?? LOW_RESOLUTION,
      meta: {
        cname: hdu.header.text('CNAME'),
        target_uid: String(hdu.header.get('TRG_UID') ?? ''),
        ra_deg: primary.number('RA'),
        dec_deg: primary.number('DEC'),
        exposure_s: primary.number('EXPTIME'),
        z_pipeline: z,
        rv_pipeline_kms: z === undefined ? undefined : SPEED_OF_LIGHT_KMS * z,
      },
    });
  },
};
