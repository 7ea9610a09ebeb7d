import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LabelName } from '../../src/domain/labels.ts';
import { DEFAULT_FIT_OPTIONS, DEFAULT_TUNING } from '../../src/fit/defaults.ts';
import { PriorModel, priorOf } from '../../src/fit/priors.ts';
import { randomStream } from '../../src/math/random.ts';
import { median } from '../../src/math/statistics.ts';
import { invertSymmetric, solveSymmetric } from '../../src/math/symmetric.ts';
import { ToyEmulator } from '../../src/testing/toyEmulator.ts';
import { writeSection } from '../kit/markdown.ts';
import { drawDistribution, withDrawPrior } from './drawPrior.ts';
import { injectStar } from './inject.ts';
import { LineStore } from '../kit/keep.ts';
import { laplaceRankPicture, pullPicture } from './pictures.ts';
import type { FittedStar, RecordedLabel } from './record.ts';
import { bySnr, inferenceReport } from './report.ts';
import { labelStatistics, misses } from './statistics.ts';

const LABELS: LabelName[] = ['teff', 'logg', 'vmic', 'feh', 'Mg', 'Ca', 'Ti'];
const toy = new ToyEmulator({ labels: LABELS, from: 3600, to: 9200, linesPerElement: 4 });
const folder = mkdtempSync(join(tmpdir(), 'maury-inference-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('exchange of the prior', () => {
  it('gives what a linear problem would have given with the other prior from the start', () => {
    const n = LABELS.length;
    const random = randomStream(3);
    const rows = Array.from({ length: 12 }, () => Float64Array.from({ length: n }, () => 3 * random.normal()));
    const data = new Float64Array(n * n);
    for (const a of rows)
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) data[i * n + j] = (data[i * n + j] ?? 0) + (a[i] ?? 0) * (a[j] ?? 0);
    const best = Float64Array.from({ length: n }, () => 0.2 * random.normal());
    const times = (matrix: Float64Array, x: Float64Array): Float64Array =>
      x.map((_, i) => x.reduce((sum, value, j) => sum + (matrix[i * n + j] ?? 0) * value, 0));

    const prior = new PriorModel(toy.info.labels, priorOf(toy.info, DEFAULT_FIT_OPTIONS, DEFAULT_TUNING));
    // The fit: Gauss–Newton on ½(z − best)ᵀ F (z − best) + ½ Σ r², to convergence (v_mic's prior bends).
    let at = new Float64Array(n);
    let curvature = new Float64Array(0);
    for (let k = 0; k < 30; k++) {
      curvature = data.slice();
      const descent = times(
        data,
        best.map((value, i) => value - (at[i] ?? 0)),
      );
      for (const row of prior.rows(at))
        for (const [i, a] of row.gradient) {
          descent[i] = (descent[i] ?? 0) - a * row.residual;
          for (const [j, b] of row.gradient) curvature[i * n + j] = (curvature[i * n + j] ?? 0) + a * b;
        }
      const step = solveSymmetric(curvature, descent);
      if (step === null) throw new Error('singular');
      at = at.map((value, i) => value + (step[i] ?? 0));
    }
    for (const i of [0, 1, 3]) curvature[i * n + i] = (curvature[i * n + i] ?? 0) + 3;
    const covariance = invertSymmetric(curvature, n);
    if (covariance === null) throw new Error('singular');

    const draws = drawDistribution(toy.info);
    const exchanged = withDrawPrior({ info: toy.info, prior, draws }, at, covariance);
    const precision = data.map((value, k) => value + (draws.precision[k] ?? 0));
    const pull = times(draws.precision, draws.mean);
    const mean = solveSymmetric(
      precision,
      times(data, best).map((value, i) => value + (pull[i] ?? 0)),
    );
    const direct = invertSymmetric(precision, n);
    for (let i = 0; i < n; i++) {
      expect(exchanged?.mean[i]).toBeCloseTo(mean?.[i] ?? NaN, 6);
      expect(exchanged?.covariance[i * n + i]).toBeCloseTo(direct?.[i * n + i] ?? NaN, 8);
    }
  });

  it('knows how labels are drawn: [Mg/Fe] and [Ca/Fe] go together, magnesium is enhanced on average', () => {
    const { mean, precision } = drawDistribution(toy.info);
    const covariance = invertSymmetric(precision, LABELS.length) ?? new Float64Array(0);
    const n = LABELS.length;
    const at = (i: number, j: number): number => covariance[i * n + j] ?? NaN;
    expect(at(4, 5) / Math.sqrt(at(4, 4) * at(5, 5))).toBeGreaterThan(0.15);
    expect(mean[4]).toBeGreaterThan(0.05);
  });
});

describe('injection', () => {
  it('has the velocity and the S/N asked for, repeats with its seed, and differs with the star', async () => {
    const [flux] = await toy.predict([Float64Array.from(toy.info.labels, ({ centre }) => centre)]);
    if (flux === undefined) throw new Error('no flux');
    const star = { index: 4, labels: new Float64Array(LABELS.length), flux: new Float32Array(flux.length).fill(1), derivatives: [] };
    const a = injectStar(star, toy.info, 50, 1);
    expect(injectStar(star, toy.info, 50, 1)).toEqual(a);
    const b = injectStar({ ...star, index: 5 }, toy.info, 50, 1);
    expect(b.nuisances).not.toEqual(a.nuisances);
    const { flux: counts, ivar, simulated, snr } = a.spectrum;
    expect(simulated).toBe(true);
    expect(snr).toBe(50);
    // A flat star is its response: smooth, so that neighbours differ by noise alone.
    const pulls = Array.from(counts.slice(1), (value, p) => {
      const w = 1 / (1 / (ivar[p] ?? 0) + 1 / (ivar[p + 1] ?? 0));
      return (value - (counts[p] ?? NaN)) * Math.sqrt(w);
    }).filter(Number.isFinite);
    const rms = Math.sqrt(pulls.reduce((sum, pull) => sum + pull * pull, 0) / pulls.length);
    expect(rms).toBeGreaterThan(0.95);
    expect(rms).toBeLessThan(1.05);
    const inside = counts.map((value, p) => value * Math.sqrt(ivar[p] ?? 0)).filter((value) => value > 0);
    expect(Math.abs(median(inside) - 50)).toBeLessThan(5);
  });
});

/** Stars whose one label scatters by `scatter` of its σ about a truth, off by `offset` σ. */
function stars(count: number, scatter: number, offset: number): FittedStar[] {
  const random = randomStream(8);
  return Array.from({ length: count }, (_, star) => {
    const truth = 5000 + 1000 * random.uniform();
    const value = truth + 20 * (offset + scatter * random.normal());
    const label: RecordedLabel = {
      name: 'teff',
      truth,
      value,
      sigma: 20,
      cramerRao: 18,
      drawValue: value,
      drawSigma: 20,
      drawCramerRao: 18,
      priorFraction: 0.02,
      flags: star % 10 === 0 ? ['prior-dominated'] : [],
    };
    return { star, snr: 50, ok: true, converged: true, chi2Reduced: 1, seconds: 1, rv: { truth: 0, value: 1, sigma: 1 }, labels: [label] };
  });
}

describe('statistics', () => {
  const measured = (label: RecordedLabel): boolean => label.flags.length === 0;

  it('honest errors hit every target and have flat ranks', () => {
    const s = labelStatistics(stars(1000, 1, 0), 'teff', measured);
    if (s === null) throw new Error('no statistics');
    expect(s.stars).toBe(900);
    expect(misses(s)).toEqual([]);
    expect(Math.abs(s.within68 - 0.683)).toBeLessThan(0.05);
    expect(Math.abs(s.within95 - 0.95)).toBeLessThan(0.03);
    expect(Math.min(s.ksP, s.chi2P)).toBeGreaterThan(0.01);
    expect(s.ranks.reduce((a, b) => a + b)).toBe(900);
  });

  it('errors that are too small, and a bias, miss and are told by name', () => {
    const narrow = labelStatistics(stars(400, 1.6, 0), 'teff', measured);
    const biased = labelStatistics(stars(400, 1, 0.6), 'teff', measured);
    if (narrow === null || biased === null) throw new Error('no statistics');
    expect(misses(narrow)).toEqual([
      { target: 'pull', clear: true },
      { target: 'scatter', clear: true },
    ]);
    expect(misses(biased)).toEqual([{ target: 'bias', clear: true }]);
    // With a handful of stars the same bias may be chance.
    expect(misses({ ...biased, biasError: 0.3 })).toEqual([{ target: 'bias', clear: false }]);
    expect(narrow.ksP).toBeLessThan(0.01);
    expect(biased.chi2P).toBeLessThan(0.001);
    expect(labelStatistics(stars(4, 1, 0), 'teff', measured)).toBeNull();
  });

  it('goes into a document between its markers, with pictures, and leaves the rest alone', async () => {
    const recovered = bySnr(
      [...stars(200, 1, 0), { star: 999, snr: 50, ok: false, code: 'RV_NOT_FOUND', message: 'no' }],
      ['teff', 'logg'],
    );
    const report = inferenceReport(recovered, ['teff', 'logg'], { model: 'toy', seed: 1, pictures: ['inference/pulls.svg'] });
    expect(report).toContain('200 stars; 1 failed (RV_NOT_FOUND)');
    expect(report).toMatch(/T_eff \(K\) \| 180 \|.*\| hit \|/);
    const path = join(folder, 'doc.md');
    writeFileSync(path, '# Title\n\n<!-- a -->\nold\n<!-- /a -->\n\nend\n');
    expect((await writeSection(path, 'a', report)).ok).toBe(true);
    const text = await readFile(path, 'utf8');
    expect(text.startsWith('# Title\n\n<!-- a -->\n\nWritten by')).toBe(true);
    expect(text.endsWith('<!-- /a -->\n\nend\n')).toBe(true);
    expect(text).not.toContain('\nold\n');
    expect(await writeSection(path, 'b', report)).toMatchObject({ ok: false, failure: { code: 'NO_MARKERS' } });
    for (const svg of [pullPicture(recovered, ['teff', 'logg']), ...recovered.map(laplaceRankPicture)]) {
      expect(svg.startsWith('<svg')).toBe(true);
      expect(svg).not.toContain('NaN');
    }
  });

  it('lines are kept one by one, and one cut short is neither read nor in the way of the next', () => {
    const open = (): LineStore<{ a: number }> => new LineStore(join(folder, 'sub', 'lines.jsonl'), z.object({ a: z.number() }));
    const store = open();
    expect(store.read()).toEqual([]);
    store.add({ a: 1 });
    store.add({ a: 2 });
    appendFileSync(store.path, '{"a": 3');
    expect(store.read()).toEqual([{ a: 1 }, { a: 2 }]);
    const again = open();
    again.add({ a: 4 });
    expect(again.read()).toEqual([{ a: 1 }, { a: 2 }, { a: 4 }]);
  });
});
