/** What FITS headers say of a spectrum in the ways that many instruments share. */
import type { Lsf, Spectrum } from '../../domain/spectrum.ts';
import { statedMedium } from '../fileMedium.ts';
import type { FitsHeader } from '../fits/header.ts';

/** λ/FWHM below which a keyword cannot be a resolving power (it may be Å per pixel, or a magnitude). */
const LEAST_POWER = 100;
const POWER_KEYWORDS = ['SPEC_RES', 'SPECRES', 'RESOLPOW', 'RESPOWER', 'RESOLUTI', 'R_POWER', 'RESOLVP'] as const;

/** R as a header states it (`SPEC_RES` of the ESO standard, and its relatives); null where none does. */
export function headerLsf(...headers: readonly (FitsHeader | undefined)[]): Lsf | null {
  for (const header of headers) {
    for (const keyword of POWER_KEYWORDS) {
      const stated = header?.number(keyword);
      if (stated !== undefined && stated >= LEAST_POWER) return { kind: 'resolving-power', resolvingPower: stated };
    }
  }
  return null;
}

/** Air or vacuum by keyword (VACUUM, AIRORVAC, CTYPE1), else by what comments say of the wavelengths. A contradiction is a warning. */
export function headerMedium(warnings: string[], ...headers: readonly (FitsHeader | undefined)[]): Spectrum['medium'] | null {
  for (const header of headers) {
    if (!header) continue;
    for (const keyword of ['VACUUM', 'VACWAVE', 'WAVVAC', 'INVACUUM', 'VAC_WAVE', 'VAC']) {
      const value = header.get(keyword);
      if (value === true || value === 1 || value === 'T') return 'vacuum';
      if (value === false || value === 0 || value === 'F') return 'air';
      if (typeof value === 'string' && /^\s*(vac|air)/i.test(value)) return /vac/i.test(value) ? 'vacuum' : 'air';
    }
    for (const keyword of ['AIRORVAC', 'AIRVAC', 'WAVEMED', 'MEDIUM', 'WAVE_MED', 'WAVREF', 'LAMMEDIU']) {
      const value = header.text(keyword) ?? '';
      if (/^vac/i.test(value)) return 'vacuum';
      if (/^air/i.test(value)) return 'air';
    }
    const ctype = (header.text('CTYPE1') ?? '').toUpperCase();
    if (ctype.startsWith('AWAV')) return 'air';
    if (ctype.startsWith('WAVE') && ctype !== 'WAVELENGTH') return 'vacuum';
  }
  const { medium, conflict } = statedMedium(headers.flatMap((header) => header?.remarks ?? []));
  if (conflict !== null) warnings.push(`The header mentions both air and vacuum (${conflict}).`);
  return medium;
}

/** SPECSYS (Greisen et al. 2006, table 11), or HELIO; observed where nothing tells. */
export function frameOf(header: FitsHeader): Spectrum['frame'] {
  const system = header.text('SPECSYS') ?? '';
  if (system === 'SOURCE') return 'rest';
  return system === 'BARYCENT' || system === 'HELIOCEN' || header.get('HELIO') === true ? 'barycentric' : 'observed';
}
