/**
 * What is known of instruments whose files do not say it: resolving power, medium and frame of their pipelines' 1-D products. A keyword
 * or a TUCD in the file takes precedence.
 */
import type { Lsf, Spectrum } from '../../domain/spectrum.ts';
import type { FitsHeader } from '../fits/header.ts';

export interface Instrument {
  readonly name: string;
  readonly lsf: Lsf | null;
  readonly medium: Spectrum['medium'] | null;
  readonly frame: Spectrum['frame'] | null;
  /** True where the header's own statements of the medium are known to be wrong. */
  readonly overrides?: boolean;
}

const power = (resolvingPower: number): Lsf => ({ kind: 'resolving-power', resolvingPower });

const KNOWN: readonly { readonly matches: (header: FitsHeader) => boolean; readonly instrument: Instrument }[] = [
  {
    // X-shooter Spectral Library (Gonneau et al. 2020, A&A 634, A133): air, rest frame; its TUCD1 says `em.wl`, but Hβ lies at 4861.3 Å.
    matches: (header) => header.has('XSL_ID'),
    instrument: { name: 'XSL', lsf: power(9800), medium: 'air', frame: 'rest', overrides: true },
  },
  {
    // s1d of the HARPS pipeline: air, barycentric (https://www.eso.org/sci/facilities/lasilla/instruments/harps/doc/DRS.pdf, section 13).
    matches: (header) => (header.text('INSTRUME') ?? '').startsWith('HARPS'),
    instrument: { name: 'HARPS', lsf: power(115_000), medium: 'air', frame: 'barycentric' },
  },
  {
    // UVES pipeline products: air, not corrected to the barycentre; R for a 1″ slit (https://www.eso.org/sci/facilities/paranal/instruments/uves/).
    matches: (header) => header.text('INSTRUME') === 'UVES',
    instrument: { name: 'UVES', lsf: power(40_000), medium: 'air', frame: null },
  },
  {
    // X-shooter: R of the common slits, UVB 5400 and VIS 8900 (https://www.eso.org/sci/facilities/paranal/instruments/xshooter/inst.html); air.
    matches: (header) => header.text('INSTRUME') === 'XSHOOTER',
    instrument: { name: 'X-shooter', lsf: power(8000), medium: 'air', frame: null },
  },
  {
    matches: (header) => header.text('INSTRUME') === 'FEROS',
    instrument: { name: 'FEROS', lsf: power(48_000), medium: 'air', frame: null },
  },
];

/** What is known of the instrument that a header names; null where it is none of these. */
export function knownInstrument(header: FitsHeader | undefined): Instrument | null {
  return header ? (KNOWN.find(({ matches }) => matches(header))?.instrument ?? null) : null;
}
