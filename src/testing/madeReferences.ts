/** Stars whose labels, errors and corrections are made up, so that what a calibration should find is known. */
import type { CalibratedName, Place } from '../calibration/names.ts';
import type { RawLabels } from '../calibration/rawLabels.ts';
import type { CalibrationData, RawSpectrum, ReferenceLabel } from '../calibration/references.ts';
import { randomStream, type RandomStream } from '../math/random.ts';

/** What is wrong with our raw labels: a correction by place, and a scatter of our own beyond σ. */
export interface Truth {
  readonly shift: Readonly<Partial<Record<CalibratedName, (place: Place) => number>>>;
  readonly intrinsic: number;
}

/** σ of fit and reference, in K and dex. */
export const MADE_SIGMA = {
  fit: { teff: 25, logg: 0.05, feh: 0.03, Mg: 0.04 },
  reference: { teff: 40, logg: 0.06, feh: 0.04, Mg: 0.05 },
} as const;
export const MADE_NAMES = ['teff', 'logg', 'feh', 'Mg'] as const;
export type MadeName = (typeof MADE_NAMES)[number];

/** True labels: dwarfs and giants from 4300 to 6800 K, [Fe/H] from −2 to 0.4. */
export function madeStar(random: RandomStream): Record<MadeName, number> {
  const teff = 4300 + 2500 * random.uniform();
  const giant = teff < 5400 && random.uniform() < 0.6;
  const logg = giant ? 1 + ((teff - 4300) / 1100) * 2.4 : 4 + 0.7 * random.uniform();
  const feh = random.uniform() < 0.7 ? -0.6 + random.uniform() : -2 + 1.6 * random.uniform();
  return { teff, logg, feh, Mg: feh + Math.max(0, -0.3 * feh) + 0.05 * random.normal() };
}

const unit = (name: MadeName): number => (name === 'teff' ? 1000 : 1);

/** Raw labels of a true star as we would fit them. */
export function madeRaw(star: Readonly<Record<MadeName, number>>, { shift, intrinsic }: Truth, random: RandomStream): RawLabels {
  const values = Object.fromEntries(
    MADE_NAMES.map((name) => {
      const sigma = MADE_SIGMA.fit[name];
      const own = (shift[name] ?? (() => 0))(star) + intrinsic * unit(name) * random.normal() + sigma * random.normal();
      return [name, { value: star[name] + own, sigma, measured: true }];
    }),
  );
  return { values, ratioSigmas: { Mg: 0.04 }, long: false };
}

/** References of a star by a source. */
export const madeReferences = (
  star: string,
  truth: Readonly<Record<MadeName, number>>,
  source: string,
  random: RandomStream,
  zeroPoint: Readonly<Partial<Record<MadeName, number>>> = {},
): ReferenceLabel[] =>
  MADE_NAMES.map((label) => {
    const sigma = MADE_SIGMA.reference[label];
    return { star, source, label, value: truth[label] + (zeroPoint[label] ?? 0) + sigma * random.normal(), sigma };
  });

/** `count` stars with references of the source A, a share of them wild. */
export function madeData(count: number, truth: Truth, { seed = 1, wild = 0 } = {}): CalibrationData {
  const random = randomStream(seed);
  const spectra: RawSpectrum[] = [];
  const references: ReferenceLabel[] = [];
  for (let i = 0; i < count; i++) {
    const star = madeStar(random);
    const id = `star-${String(i)}`;
    spectra.push({ id, star: id, raw: madeRaw(star, truth, random) });
    const off = random.uniform() < wild;
    references.push(
      ...madeReferences(
        id,
        off ? { ...star, teff: star.teff + 900, logg: star.logg - 1.2, feh: star.feh + 0.8, Mg: star.Mg - 0.9 } : star,
        'A',
        random,
      ),
    );
  }
  return { spectra, references, scale: 'A', exact: [], clusters: [], pairs: [], field: [] };
}
