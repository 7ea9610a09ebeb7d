import { beforeAll, describe, expect, it } from 'vitest';
import { FitService } from '../../src/compute/service.ts';
import type { LabelName } from '../../src/domain/labels.ts';
import { randomStream } from '../../src/math/random.ts';
import { toyCard } from '../../src/testing/toyCard.ts';
import { ToyEmulator } from '../../src/testing/toyEmulator.ts';
import type { AbInitioStar } from './abInitio.ts';
import { compareOptimisers } from '../optimisers/optimisers.ts';
import { Recovery } from './recover.ts';

const LABELS: LabelName[] = ['teff', 'logg', 'vmic', 'feh', 'Mg', 'Ca'];
/** The toy is both the truth and the model, so that its errors must be honest and nothing is lost against Cramér–Rao. */
const toy = new ToyEmulator({ labels: LABELS, from: 4300, to: 5900, linesPerElement: 8 });
const service = new FitService(toy, { id: 'toy', weights: '' }, null, toyCard(toy.info));

async function toyStar(index: number): Promise<AbInitioStar> {
  const random = randomStream(40, index);
  const truth = [4800 + 1500 * random.uniform(), 2 + 2.5 * random.uniform(), 1.2, -0.8 + random.uniform()];
  const labels = Float64Array.from([...truth, 0.2 * random.normal(), 0.2 * random.normal()]);
  return { index, labels, ...(await toy.jacobian(labels)) };
}

describe('recovery of a star made by the model itself', { timeout: 300_000 }, () => {
  let star: AbInitioStar;
  beforeAll(async () => {
    star = await toyStar(1);
  });

  it('has the errors that Cramér and Rao allow, and finds the truth within them', async () => {
    const record = await new Recovery(service).recover(star, 60, 1);
    if (!record.ok) throw new Error(record.message);
    expect(record.labels.map((label) => label.name)).toEqual(LABELS);
    for (const label of record.labels) {
      expect(Math.abs(label.value - label.truth)).toBeLessThan(4 * label.sigma);
      // The fit's Fisher matrix is taken at the optimum, theirs at the truth.
      expect(Math.abs(label.sigma / label.cramerRao - 1)).toBeLessThan(0.15);
      expect(Math.abs(label.drawSigma / label.drawCramerRao - 1)).toBeLessThan(0.15);
    }
    expect(Math.abs(record.rv.value - record.rv.truth)).toBeLessThan(4 * record.rv.sigma);
  });

  it('ends at the same place by both optimisers', async () => {
    const pair = await compareOptimisers(service, star, 60, 1);
    if (!pair.ok) throw new Error(pair.message);
    expect(pair.distance).toBeLessThan(0.5);
    expect(pair.largest).toBeLessThanOrEqual(pair.distance + 1e-9);
    expect(Math.abs(pair.lm.objective - pair.cmaes.objective)).toBeLessThan(0.2);
    expect(pair.cmaes.evaluations).toBeGreaterThan(pair.lm.evaluations);
  });

  it('a star that cannot be fitted is a record that says why', async () => {
    const blank = { ...star, flux: new Float32Array(star.flux.length).fill(1) };
    expect(await new Recovery(service).recover(blank, 20, 1)).toMatchObject({ ok: false, star: 1, snr: 20, code: 'RV_NOT_FOUND' });
  });
});
