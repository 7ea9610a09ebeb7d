import type { EmulatorInfo } from '../domain/emulator.ts';
import type { ModelCard } from '../domain/modelCard.ts';

/** A card for the analytic toy, with made-up errors, for tests of the page. */
export function toyCard({ id, title, labels, resolvingPower }: EmulatorInfo): ModelCard {
  const errors = (mae: number): { mae: number; percentile99: number } => ({ mae, percentile99: 6 * mae });
  const per100 = Array.from({ length: 31 }, (_, i) => ({ from: 3900 + 100 * i, to: 4000 + 100 * i, ...errors(0.004 / (1 + i / 4)) }));
  return {
    ...{ id, title, labels, resolvingPower },
    date: '2000-01-01',
    network: 'Gaussian lines, no network',
    bytes: 5_700_000,
    trainedOn: {
      atmospheres: 'Toy atmospheres (Nobody 2000)',
      lines: 'Toy lines (Nobody 2001)',
      code: 'toy 1',
      spectra: 415,
      withDerivatives: 240,
    },
    citation: ['Nobody 2002, J. Imag. Astron. 1, 1'],
    limits: ['It is no star.'],
    heldOut: {
      date: '2000-01-02',
      spectra: 30,
      native: { ...errors(0.0022), per100 },
      r1800: { ...errors(0.0007), per100 },
      derivatives: {
        teff: { relativeError: 0.031, cosine: 0.9981, informative: true, leakage: 0.004 },
        Eu: { relativeError: 0.94, cosine: 0.41, informative: false, leakage: 0.03 },
      },
      map: [
        { teff: [4000, 5500], logg: [0.5, 3], feh: [-2.5, -1], spectra: 12, mae: 0.0031 },
        { teff: [5500, 7200], logg: [3, 5], feh: [-1, 0.5], spectra: 0, mae: null },
      ],
    },
  };
}
