import { describe, expect, test } from 'vitest';
import { randomStream } from '../math/random.ts';
import { madeData, madeRaw, madeReferences, madeStar, type Truth } from '../testing/madeReferences.ts';
import { calibratedPlace, deriveLabels, type DerivedLabels } from './derive.ts';
import { correctionAt, type LabelFit } from './labelFit.ts';
import type { CalibratedName, Place } from './names.ts';
import type { CalibrationData, RawSpectrum } from './references.ts';

const NONE: Truth = { shift: {}, intrinsic: 0 };
const PLACES: readonly Place[] = [
  { teff: 4700, logg: 2.2, feh: -0.4 },
  { teff: 5800, logg: 4.4, feh: 0 },
  { teff: 6300, logg: 4.2, feh: -0.8 },
];

function fitOf(derived: DerivedLabels, name: CalibratedName): LabelFit {
  const fit = derived[name]?.fit;
  if (fit === undefined) throw new Error(`no ${name}`);
  return fit;
}
const shiftAt = (derived: DerivedLabels, name: CalibratedName, place: Place): number => correctionAt(fitOf(derived, name), place).shift;

describe('corrections from reference stars', () => {
  const truth: Truth = {
    shift: {
      teff: () => 80,
      logg: ({ logg }) => 0.1 + 0.08 * (logg - 3.5),
      feh: () => -0.15,
      Mg: ({ teff, logg }) => -0.2 + (0.12 * (teff - 5500)) / 1000 + (logg < 3.5 ? 0.15 : 0),
    },
    intrinsic: 0.05,
  };

  test('offsets, slopes, a step for giants and the intrinsic scatter are found, under a twentieth of wild references', () => {
    const derived = deriveLabels(madeData(160, truth, { wild: 0.05 }));
    for (const place of PLACES) {
      expect(Math.abs(shiftAt(derived, 'teff', place) - 80)).toBeLessThan(40);
      for (const name of ['logg', 'feh', 'Mg'] as const)
        expect(Math.abs(shiftAt(derived, name, place) - (truth.shift[name]?.(place) ?? NaN))).toBeLessThan(0.06);
    }
    expect(derived.Mg?.fit.intrinsic).toBeGreaterThan(0.03);
    expect(derived.Mg?.fit.intrinsic).toBeLessThan(0.09);
    expect(derived.teff?.fit.intrinsic).toBeGreaterThan(30);
    expect(derived.teff?.fit.intrinsic).toBeLessThan(90);
  });

  test('errors of ours and of the reference alone make no trend, and no scatter', () => {
    const derived = deriveLabels(madeData(150, NONE, { seed: 3 }));
    for (const place of PLACES) {
      expect(Math.abs(shiftAt(derived, 'teff', place))).toBeLessThan(25);
      for (const name of ['logg', 'feh', 'Mg'] as const) expect(Math.abs(shiftAt(derived, name, place))).toBeLessThan(0.03);
    }
    expect(derived.feh?.fit.intrinsic).toBeLessThan(0.02);
  });

  test('the place of a star is the one whose own corrections lead to its raw labels', () => {
    const derived = deriveLabels(madeData(120, truth), () => false);
    const fits = { teff: fitOf(derived, 'teff'), logg: fitOf(derived, 'logg'), feh: fitOf(derived, 'feh') };
    const random = randomStream(8);
    const star = madeStar(random);
    const raw = madeRaw(star, truth, random);
    const place = calibratedPlace(raw, fits);
    for (const name of ['teff', 'logg', 'feh'] as const)
      expect(place[name] + correctionAt(fits[name], place).shift).toBeCloseTo(raw.values[name]?.value ?? NaN, 4);
  });

  test('the zero point of a second source is its own, and does not move the scale', () => {
    const random = randomStream(5);
    const data = madeData(120, NONE, { seed: 4 });
    const stars = Array.from({ length: 60 }, (_, i) => ({ id: `b-${String(i)}`, star: madeStar(random) }));
    const both: CalibrationData = {
      ...data,
      spectra: [...data.spectra, ...stars.map(({ id, star }): RawSpectrum => ({ id, star: id, raw: madeRaw(star, NONE, random) }))],
      references: [
        ...data.references,
        ...stars.flatMap(({ id, star }, i) => [
          ...madeReferences(id, star, 'B', random, { feh: 0.08 }),
          ...(i % 2 === 0 ? madeReferences(id, star, 'A', random) : []),
        ]),
      ],
    };
    const derived = deriveLabels(both, () => false);
    expect(derived.feh?.fit.zeroPoints['B']).toBeGreaterThan(0.055);
    expect(derived.feh?.fit.zeroPoints['B']).toBeLessThan(0.1);
    expect(Math.abs(shiftAt(derived, 'feh', { teff: 5500, logg: 4, feh: 0 }))).toBeLessThan(0.02);
  });
});

describe('what shares its composition', () => {
  /** Mg is wrong with T_eff; the references do not tell, since they all have one T_eff. */
  const slope: Truth = { shift: { Mg: ({ teff }) => (0.2 * (teff - 5500)) / 1000 }, intrinsic: 0.03 };
  const born = (kind: 'clusters' | 'pairs' | 'field' | null): DerivedLabels => {
    const random = randomStream(12);
    const base = madeData(0, slope);
    const spectra: RawSpectrum[] = [];
    const references = Array.from({ length: 60 }, (_, i) => {
      const star = { ...madeStar(random), teff: 5500 + 50 * random.normal(), logg: 4.4, feh: -0.1 };
      spectra.push({ id: `r${String(i)}`, star: `r${String(i)}`, raw: madeRaw(star, slope, random) });
      return madeReferences(`r${String(i)}`, star, 'A', random);
    }).flat();
    const members = Array.from({ length: 60 }, (_, i) => {
      const star = { teff: 4700 + 30 * i, logg: 4.4, feh: -0.05, Mg: 0.02 };
      // Of a pair, the second star has the composition of the first and another temperature.
      const pair = Math.floor(i / 2);
      const feh = kind === 'pairs' ? -0.2 + 0.005 * pair : star.feh;
      const twin = { ...star, teff: kind === 'pairs' ? 4700 + 900 * (i % 2) + 20 * pair : star.teff, feh, Mg: feh + 0.07 };
      spectra.push({ id: `m${String(i)}`, star: `m${String(i)}`, raw: madeRaw(twin, slope, random) });
      return `m${String(i)}`;
    });
    const pairs = Array.from({ length: 30 }, (_, k) => ({ id: `pair ${String(k)}`, spectra: members.slice(2 * k, 2 * k + 2) }));
    return deriveLabels({
      ...base,
      spectra,
      references,
      clusters: kind === 'clusters' ? [{ id: 'made', spectra: members }] : [],
      pairs: kind === 'pairs' ? pairs : [],
      field: kind === 'field' ? members : [],
    });
  };
  const found = (derived: DerivedLabels): number =>
    shiftAt(derived, 'Mg', { teff: 6200, logg: 4.4, feh: -0.1 }) - shiftAt(derived, 'Mg', { teff: 4900, logg: 4.4, feh: -0.1 });

  test.each(['clusters', 'pairs', 'field'] as const)('%s show a trend that the references cannot', (kind) => {
    expect(Math.abs(found(born(kind)) - 0.26)).toBeLessThan(0.09);
  });

  test('without them there is none', () => {
    expect(found(born(null))).toBeLessThan(0.12);
  });
});
