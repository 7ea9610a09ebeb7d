import { SPEED_OF_LIGHT_KMS } from '../../domain/units.ts';
import type { FitsHeader } from '../fits/header.ts';

/** What the pipeline says of a LAMOST spectrum; -999 and the like stand for "unknown" in its headers and are left out. */
export function lamostMeta(header: FitsHeader, orMaskPixels: number): Readonly<Record<string, string | number | undefined>> {
  const number = (keyword: string): number | undefined => {
    const value = header.number(keyword);
    return value === undefined || value <= -999 ? undefined : value;
  };
  const z = number('Z');
  const zError = number('Z_ERR');
  return {
    release: header.text('DATA_V') ?? 'LAMOST pilot or DR1',
    pipeline: header.text('VERSPIPE'),
    designation: header.text('DESIG'),
    obsid: number('OBSID'),
    objectName: header.text('OBJNAME'),
    date: header.text('DATE-OBS'),
    lmjd: number('LMJD'),
    plan: header.text('PLANID'),
    spectrograph: number('SPID'),
    fibre: number('FIBERID'),
    ra_deg: number('RA'),
    dec_deg: number('DEC'),
    exposures: number('NEXP'),
    exposure_s: number('EXPTIME'),
    seeing_arcsec: number('SEEING'),
    class: header.text('CLASS'),
    subclass: header.text('SUBCLASS'),
    z_pipeline: z,
    z_error_pipeline: zError,
    rv_pipeline_kms: z === undefined ? undefined : SPEED_OF_LIGHT_KMS * z,
    rv_error_pipeline_kms: zError === undefined ? undefined : SPEED_OF_LIGHT_KMS * zError,
    helio_correction_kms: number('HELIO_RV'),
    snr_u: number('SNRU') ?? number('SN_U'),
    snr_g: number('SNRG') ?? number('SN_G'),
    snr_r: number('SNRR') ?? number('SN_R'),
    snr_i: number('SNRI') ?? number('SN_I'),
    snr_z: number('SNRZ') ?? number('SN_Z'),
    fibre_mask: number('FIB_MASK') ?? number('FIBERMAS'),
    pixels_bad_in_some_exposure: orMaskPixels,
  };
}
