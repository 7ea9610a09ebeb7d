/** Velocities by templates: what is put in is found, within its σ, and noise alone is refused. */
import { describe, expect, it } from 'vitest';
import { SPEED_OF_LIGHT_KMS } from '../domain/units.ts';
import { randomStream } from '../math/random.ts';
import { estimateVelocity, isFailure, RV_LIMIT, type VelocityEstimate } from './rv.ts';

const grid = { lnStart: Math.log(4500), lnStep: 2e-5, count: 9000 };
const pause = () => Promise.resolve();

/** Lines at wavelengths of a seed, as wide as R = 1800 makes them. */
function template(seed: number): Float64Array {
  const stream = randomStream(seed);
  const lines = Array.from({ length: 60 }, () => ({ at: stream.uniform() * grid.count, depth: 0.4 * stream.uniform() }));
  const width = 1 / 1800 / 2.355 / grid.lnStep;
  return Float64Array.from({ length: grid.count }, (_, i) =>
    lines.reduce((flux, { at, depth }) => flux - depth * Math.exp(-0.5 * ((i - at) / width) ** 2), 1),
  );
}
const templates = [1, 2, 3, 4].map(template);

/** The first template moved to `rv` km/s, on a sloped continuum, with noise. */
function observed(rv: number, snr: number, seed = 9) {
  const stream = randomStream(seed);
  const lnObserved = Float64Array.from({ length: 800 }, (_, p) => Math.log(4560) + p * 1.6e-4);
  const flux = lnObserved.map((ln) => {
    const x = (ln - Math.log1p(rv / SPEED_OF_LIGHT_KMS) - grid.lnStart) / grid.lnStep;
    const i = Math.floor(x);
    const [left, right] = [templates[0]?.[i] ?? NaN, templates[0]?.[i + 1] ?? NaN];
    return (100 + 20 * (ln - 8.5)) * (left + (x - i) * (right - left)) * (1 + stream.normal() / snr);
  });
  return { lnObserved, flux, weight: flux.map(() => (snr / 100) ** 2), grid, templates };
}
async function found(rv: number, snr: number): Promise<VelocityEstimate> {
  const estimate = await estimateVelocity(observed(rv, snr), pause);
  if (isFailure(estimate)) throw new Error(estimate.message);
  return estimate;
}

describe('the first velocity', () => {
  it.each([-430, -35.5, 0, 12.25, 290])('%d km/s is found within its σ, with its own template', async (rv) => {
    const estimate = await found(rv, 60);
    expect(Math.abs(estimate.rv - rv)).toBeLessThan(4 * estimate.sigma + 1);
    expect(estimate.sigma).toBeLessThan(6);
    expect(estimate.best).toBe(0);
    expect(estimate.chi2.indexOf(Math.min(...estimate.chi2))).toBe(0);
  });

  it('has a smaller σ where the noise is smaller', async () => {
    expect((await found(50, 100)).sigma).toBeLessThan((await found(50, 20)).sigma / 2);
  });

  it('does not depend on the scale of flux and errors', async () => {
    const input = observed(50, 60);
    const scaled = { ...input, flux: input.flux.map((f) => 1e-15 * f), weight: input.weight.map((w) => 1e30 * w) };
    const [a, b] = [await estimateVelocity(input, pause), await estimateVelocity(scaled, pause)];
    if (isFailure(a) || isFailure(b)) throw new Error('no velocity');
    expect(b.rv).toBeCloseTo(a.rv, 3);
  });

  it('is a failure, with a next step, where too few pixels are left', async () => {
    const input = observed(0, 60);
    const estimate = await estimateVelocity({ ...input, weight: input.weight.map((w, p) => (p < 40 ? w : 0)) }, pause);
    expect(estimate).toMatchObject({ code: 'RV_NOT_FOUND' });
    expect(isFailure(estimate) ? estimate.message : '').toContain(String(RV_LIMIT));
  });

  it('is a failure for noise without lines', async () => {
    const input = observed(0, 60);
    const stream = randomStream(31);
    expect(await estimateVelocity({ ...input, flux: input.flux.map(() => 100 * (1 + stream.normal() / 60)) }, pause)).toMatchObject({
      code: 'RV_NOT_FOUND',
    });
  });
});
