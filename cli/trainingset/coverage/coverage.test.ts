import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coveragePicture } from './picture.ts';
import { readSets } from './sets.ts';
import { columnsOf, correlations, spread, survey } from './survey.ts';
import { niceTicks } from '../../files/svg.ts';
import { starFailure, writeChunk, writeFailures } from '../chunks.ts';
import { describeSet } from '../settings.ts';
import { LABELS, labelVector } from '../../../src/domain/labels.ts';
import { valueOf } from '../../../src/testing/result.ts';
import { drawLabels } from '../../../src/synthesis/draw.ts';
import { writeNpz } from '../../../src/io/npz.ts';

const folder = mkdtempSync(join(tmpdir(), 'maury-coverage-'));
const [train, flux] = [join(folder, 'train'), join(folder, 'flux')];

/** A set without spectra: `count` stars of which number 3 failed. */
function fakeSet(path: string, seed: number, derivatives: boolean, count: number): void {
  mkdirSync(path);
  writeFileSync(join(path, 'dataset.json'), JSON.stringify(describeSet({ seed, derivatives, stepKms: 2, lines: 'vald', tables: {} })));
  const made = Array.from({ length: count }, (_, i) => i).filter((i) => i !== 3);
  const bytes = writeNpz({
    index: { dtype: '<i4', shape: [made.length], data: Int32Array.from(made) },
    labels: {
      dtype: '<f8',
      shape: [made.length, LABELS.length],
      data: Float64Array.from(made.flatMap((i) => [...labelVector(drawLabels(seed, i))])),
    },
    // As spectra are stored: a type that the reader of labels need not know.
    flux: { dtype: '<f2', shape: [made.length, 1], data: new Uint16Array(made.length) },
  });
  const stars = made.map((index) => ({ index, seconds: 2 + (index % 2) }));
  writeChunk(path, { from: 0, to: count }, bytes, {
    stars,
    failures: [starFailure(3, drawLabels(seed, 3), 'ODD', 'x')],
    peakMb: 300 + seed,
  });
  writeFailures(path, []);
}

beforeAll(() => {
  fakeSet(train, 1, true, 200);
  fakeSet(flux, 3, false, 101);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('coverage of training sets', () => {
  test('counts stars, derivatives, failures and seconds', () => {
    const coverage = survey(valueOf(readSets([train, flux])));
    expect(coverage).toMatchObject({ stars: 299, withDerivatives: 199, repeated: 0 });
    expect(coverage.sets.map((set) => set.leftOut)).toEqual([{ ODD: 1 }, { ODD: 1 }]);
    expect(coverage.sets[1]?.cpuSecondsPerStar).toMatchObject({ min: 2, max: 3, mean: 2.49 });
    expect(coverage.sets[0]?.peakMb).toBe(301);
    expect(coverage.kiel.counts.flat().reduce((a, b) => a + b)).toBe(299);
    for (const { histogram, spread: s, range } of Object.values(coverage.labels)) {
      expect(histogram.counts.reduce((a, b) => a + b)).toBe(299);
      expect(s?.min).toBeGreaterThanOrEqual(range[0]);
    }
  });

  test('a star in two sets is noticed', () => {
    expect(survey(valueOf(readSets([train, train]))).repeated).toBe(199);
  });

  test('statistics: quantiles, correlation, ticks', () => {
    expect(spread([4, 1, 2, 3, 5])).toMatchObject({ min: 1, max: 5, mean: 3, sd: Math.SQRT2 });
    expect(spread([4, 1, 2, 3, 5])?.quantiles[2]).toBe(3);
    expect(spread([])).toBeNull();
    const [[, down, none] = []] = correlations([
      [1, 2, 3],
      [6, 4, 2],
      [1, 0, 1],
    ]);
    expect(down).toBeCloseTo(-1, 12);
    expect(none).toBeCloseTo(0, 12);
    expect(niceTicks(4000, 7300, 5)).toEqual([4000, 5000, 6000, 7000]);
    expect(niceTicks(-0.6, 0.6, 5)).toEqual([-0.5, -0.25, 0, 0.25, 0.5]);
  });

  test('the picture has every label, every star in the Kiel diagram, and hot dwarfs at the lower left', () => {
    const sets = valueOf(readSets([train, flux]));
    const picture = coveragePicture(survey(sets), columnsOf(sets));
    for (const words of ['Kiel diagram', '299, of which 199', '[Eu/Fe]', 'log g (cgs)', 'lines vald']) expect(picture).toContain(words);
    expect(picture).not.toContain('NaN');
    const kiel = [...picture.matchAll(/<path d="((?:M[\d.]+ [\d.]+h0)+)"[^>]*stroke-width="3.2"/g)].flatMap(([, path]) =>
      [...(path ?? '').matchAll(/M([\d.]+) ([\d.]+)h0/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) })),
    );
    expect(kiel).toHaveLength(299);
    const stars = sets.flatMap((set) => set.stars);
    const extreme = (of: (star: Float64Array) => number) => stars.reduce((best, star) => Math.max(best, of(star)), -Infinity);
    const hottest = extreme((star) => star[0] ?? NaN);
    const left = Math.min(...kiel.map(({ x }) => x));
    expect(left).toBeCloseTo(70 + (560 * (7300 + 99 - hottest)) / (3300 + 198), 0);
    const highest = extreme((star) => star[1] ?? NaN);
    const bottom = Math.max(...kiel.map(({ y }) => y));
    expect(bottom).toBeCloseTo(90 + 520 - (520 * (5 + 0.135 - highest)) / (4.5 + 0.27), 0);
  });

  test('what is not a set, or a chunk cut short, is named', () => {
    const missing = readSets([join(folder, 'none')]);
    expect(missing.ok ? '' : missing.failure.code).toBe('NO_DATASET');
    const broken = join(folder, 'broken');
    fakeSet(broken, 2, true, 10);
    const chunk = join(broken, 'chunk-000000-000009.npz');
    writeFileSync(chunk, readFileSync(chunk).subarray(0, 900));
    const cut = readSets([broken]);
    expect(cut.ok ? '' : `${cut.failure.code} ${cut.failure.message}`).toContain('CHUNK_UNREADABLE ' + chunk);
  });
});
