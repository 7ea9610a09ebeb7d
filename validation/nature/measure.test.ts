import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/math/random.ts';
import { lawAt } from './law.ts';
import { ALL, measure } from './measure.ts';
import { keep, RESIDUAL_GRID, unkeep, type StarResidual } from './residual.ts';

const { count } = RESIDUAL_GRID;
const wave = (i: number): number => Math.sin(i / 40);

/** Stars whose errors are known: 1 % ⊕ 4 % of the depth of lines, a bad stretch of three times that, a wave that all share, noise; cool ones twice as wrong as warm ones. */
function made(stars: number, seed: number): StarResidual[] {
  const random = randomStream(seed);
  return Array.from({ length: stars }, (_, s): StarResidual => {
    const cool = s % 2 === 0;
    const amplitude = 0.01 * random.normal();
    const depth = Float64Array.from({ length: count }, () => 0.6 * random.uniform() ** 2);
    return {
      name: String(s),
      source: 'made',
      type: { teff: cool ? 4800 : 6300, logg: 4.4, feh: 0 },
      resolvingPower: 1800,
      residual: depth.map(
        (q, i) =>
          (cool ? 2 : 1) * (i > 900 && i < 1000 ? 3 : 1) * Math.hypot(0.01, 0.04 * q) * random.normal() +
          amplitude * wave(i) +
          0.005 * random.normal(),
      ),
      noise: depth.map(() => 0.005 ** 2),
      depth,
    };
  });
}
const about = { model: { id: 'made', weights: '' }, date: '2026-01-01', command: 'a test' };
const at = (nature: ReturnType<typeof measure>, teff: number, i: number, q: number): number => {
  const node = nature.nodes.find((one) => one.teff === teff);
  return (node?.factor[i] ?? NaN) * lawAt(nature.law, i, q);
};
const meanOver = (from: number, to: number, value: (i: number) => number): number =>
  Array.from({ length: to - from }, (_, i) => value(from + i)).reduce((a, b) => a + b, 0) / (to - from);

describe('the model’s error measured on stars', () => {
  const nature = measure(made(80, 3), { ...ALL, shapes: 1 }, about);

  it('is what was put in: by type, by pixel, and by the depth of lines, without the noise', () => {
    const plain = meanOver(200, 800, (i) => at(nature, 4800, i, 0.02));
    const deep = meanOver(200, 800, (i) => at(nature, 4800, i, 0.5));
    const warm = meanOver(200, 800, (i) => at(nature, 6300, i, 0.02));
    const bad = meanOver(910, 990, (i) => at(nature, 6300, i, 0.3));
    const good = meanOver(200, 800, (i) => at(nature, 6300, i, 0.3));
    expect(plain / 0.02).toBeGreaterThan(0.8);
    expect(plain / 0.02).toBeLessThan(1.25);
    expect(deep / plain).toBeGreaterThan(1.6);
    expect(deep / plain).toBeLessThan(2.8);
    expect(plain / warm).toBeGreaterThan(1.6);
    expect(bad / good).toBeGreaterThan(2.2);
  });

  it('finds the shape that all share, and how strong it is', () => {
    const [shape] = nature.shapes;
    const cosine = shape?.reduce((sum, value, i) => sum + value * wave(i), 0) ?? NaN;
    const norm = Math.sqrt(
      (shape?.reduce((sum, value) => sum + value * value, 0) ?? NaN) * meanOver(0, count, (i) => wave(i) ** 2) * count,
    );
    expect(Math.abs(cosine / norm)).toBeGreaterThan(0.9);
    const amplitude = nature.nodes[0]?.amplitudes[0] ?? NaN;
    // The wave has an rms of 0.7.
    expect(amplitude).toBeGreaterThan(0.004);
    expect(amplitude).toBeLessThan(0.012);
  });

  it('of errors that neighbours do not share is shared over about one point', () => {
    expect(nature.correlation / (RESIDUAL_GRID.lnStep * 299792)).toBeLessThan(1.3);
  });

  it('of types with too few stars is not told', () => {
    expect(nature.nodes.every(({ logg, feh }) => logg === 4.4 && feh > -1)).toBe(true);
  });

  it('is measured from residuals that come back as they were kept', () => {
    const [star] = made(1, 9);
    if (star === undefined) throw new Error('no star');
    expect(unkeep(keep(star)).residual[5]).toBeCloseTo(star.residual[5] ?? NaN, 6);
  });
});
