import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeWithShared } from '../testing/shared.ts';
import { valueOf } from '../testing/result.ts';
import { ELEMENTS } from '../domain/labels.ts';
import { atomicNumber } from './elements.ts';
import { composition } from './eos.ts';
import { computationGrid, computeSpectrum, type SyntheticSpectrum } from './spectrum.ts';
import { computeWithDerivatives } from './derivatives.ts';
import { convolver } from './native.ts';
import { loadTables, type PhysicsTables } from './tables.ts';
import { parseAtmosphere } from './decks.ts';
import { prepareStar } from './star.ts';
import { readNpz, type NpyArray } from './npz.ts';

// 3700·10^(1e-4 i) Å, the sampling of the published spectra.
const PUBLISHED = { lnStart: Math.log(3700), lnStep: 1e-4 * Math.LN10, count: 3909 };
const grid = computationGrid(1.5);
const toPublished = convolver(grid, PUBLISHED, 1800);

const inRange = (i: number, from = 3950, to = 9090): boolean => {
  const lambda = Math.exp(PUBLISHED.lnStart + i * PUBLISHED.lnStep);
  return lambda >= from && lambda < to;
};
const normalised = (s: SyntheticSpectrum): Float64Array => toPublished(s.flux.map((f, i) => f / (s.continuum[i] ?? NaN)));

describeWithShared('synthesis against Turbospectrum on the same decks', (shared) => {
  let tables: PhysicsTables;
  let published: ReadonlyMap<string, NpyArray>;
  const deck = (name: string) =>
    valueOf(
      parseAtmosphere(readFileSync(join(shared, 'reference/atmospheres', `${name}.${name === 'sun_marcs' ? 'mod' : 'atm'}`), 'utf8')),
    );
  /** Abundances a deck was computed with: `_m1.0` is [Fe/H] −1, `sun_dX` has X raised by 0.2 dex. */
  const mixture = (name: string): Float64Array => {
    const perH = composition(-Number(/_m(\d\.\d)/.exec(name)?.[1] ?? 0), new Map());
    const raised = /^sun_d(\w+)$/.exec(name)?.[1];
    if (raised !== undefined) perH[atomicNumber(raised)] = (perH[atomicNumber(raised)] ?? 0) * 10 ** 0.2;
    return perH;
  };
  const row = (array: string, name: string): Float64Array => {
    const index = published.get('names')?.text?.indexOf(name) ?? -1;
    return published.get(array)?.data.subarray(index * PUBLISHED.count, (index + 1) * PUBLISHED.count) ?? new Float64Array(0);
  };

  beforeAll(() => {
    tables = valueOf(loadTables((path) => readFileSync(join(shared, 'physics', path))));
    published = readNpz(readFileSync(join(shared, 'reference/lowres_R1800_vac.npz')));
  }, 60_000);

  const stars = [
    'sun',
    'sun_marcs',
    'a9_4500_2.0',
    'a9_5000_3.0',
    'a9_5500_4.0',
    'a9_6000_4.5',
    'a9_5000_3.0_m1.0',
    'em_4500_2.0',
    'em_5770_4.44',
    'em_6000_4.5',
    'sun_dFe',
    'sun_dMg',
    'sun_dCa',
    'sun_dTi',
    'sun_dC',
    'sun_dN',
    'sun_dO',
    'sun_dNa',
    'sun_dEu',
  ];
  it.each(stars)('%s: normalised flux within 1 % rms at R = 1800, absolute flux within 3 %', { timeout: 120_000 }, (name) => {
    const star = valueOf(prepareStar(tables, deck(name), mixture(name), 1, grid));
    const ours = computeSpectrum(tables, star, grid);
    const flux = normalised(ours);
    const absolute = toPublished(ours.flux);
    const [theirs, theirFlux] = [row('ts_norm', name), row('ts_flux', name)];
    let square = 0;
    let n = 0;
    const ratios: number[] = [];
    for (let i = 0; i < PUBLISHED.count; i++) {
      if (!inRange(i)) continue;
      square += ((flux[i] ?? NaN) - (theirs[i] ?? NaN)) ** 2;
      n++;
      if (inRange(i, 4000)) ratios.push((absolute[i] ?? NaN) / (theirFlux[i] ?? NaN));
    }
    const rms = Math.sqrt(square / n);
    const ratio = ratios.sort((a, b) => a - b)[ratios.length >> 1] ?? NaN;
    console.log(`${name}: rms ${(rms * 100).toFixed(3)} %, absolute flux ratio ${ratio.toFixed(4)}`);
    expect(rms).toBeLessThan(0.01);
    // The MARCS deck has coarser layers: 3.2 % there.
    expect(Math.abs(ratio - 1)).toBeLessThan(name === 'sun_marcs' ? 0.04 : 0.03);
  });

  it('the derivative spectra of the Sun correlate with the published ones', { timeout: 180_000 }, () => {
    const perH = mixture('sun');
    const star = valueOf(prepareStar(tables, deck('sun'), perH, 1, grid));
    const elements = [...ELEMENTS, 'Fe'];
    const spectrum = valueOf(computeWithDerivatives(tables, star, perH, 1, grid, elements.map(atomicNumber), []));
    for (const x of ['Fe', 'Mg', 'Ca', 'Ti', 'C', 'N', 'O', 'Na', 'Eu']) {
      const ours = toPublished(spectrum.elements[elements.indexOf(x)] ?? []);
      const theirs = published.get(`ts_grad_${x}`)?.data ?? new Float64Array(0);
      let [aa, ab, bb] = [0, 0, 0];
      for (let i = 0; i < PUBLISHED.count; i++) {
        if (!inRange(i)) continue;
        aa += (ours[i] ?? NaN) ** 2;
        ab += (ours[i] ?? NaN) * (theirs[i] ?? NaN);
        bb += (theirs[i] ?? NaN) ** 2;
      }
      console.log(`${x}: correlation ${(ab / Math.sqrt(aa * bb)).toFixed(4)}, slope ${(ab / bb).toFixed(3)}`);
      expect(ab / Math.sqrt(aa * bb)).toBeGreaterThan(0.95);
    }
  });

  it.each(['Mg'])('the derivative for %s is the difference of two complete syntheses', { timeout: 180_000 }, (symbol) => {
    const z = atomicNumber(symbol);
    const perH = mixture('sun');
    const atmosphere = deck('sun');
    const coarse = computationGrid(3);
    const toNative = convolver(coarse, PUBLISHED, 5000);
    const side = (factor: number): Float64Array => {
      const changed = perH.slice();
      changed[z] = (changed[z] ?? 0) * factor;
      const s = computeSpectrum(tables, valueOf(prepareStar(tables, atmosphere, changed, 1, coarse)), coarse);
      return toNative(s.flux.map((f, i) => f / (s.continuum[i] ?? NaN)));
    };
    const [plus, minus] = [side(10 ** 0.05), side(10 ** -0.05)];
    const difference = plus.map((f, i) => (f - (minus[i] ?? NaN)) / 0.1);
    const elements = ELEMENTS.map(atomicNumber);
    const star = valueOf(prepareStar(tables, atmosphere, perH, 1, coarse));
    const cheap = toNative(
      valueOf(computeWithDerivatives(tables, star, perH, 1, coarse, elements, [])).elements[elements.indexOf(z)] ?? [],
    );
    const peak = Math.max(...difference.map(Math.abs));
    const worst = Math.max(...difference.map((d, i) => Math.abs(d - (cheap[i] ?? NaN))));
    console.log(`${symbol}: largest difference ${((100 * worst) / peak).toFixed(2)} % of the peak`);
    expect(worst).toBeLessThan(0.02 * peak);
  });
});

describe('sampling', () => {
  it('keeps a constant constant', () => {
    const flat = toPublished(new Float64Array(grid.count).fill(0.7));
    expect(Math.max(...flat.map((f) => Math.abs(f - 0.7)))).toBeLessThan(1e-12);
  });
});
