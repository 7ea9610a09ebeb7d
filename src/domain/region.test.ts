/** The body that a model was trained on, and how near its training stars are. */
import { describe, expect, it } from 'vitest';
import type { ManifestLabel } from './emulator.ts';
import { LABELS, labelVector, type LabelName } from './labels.ts';
import { brokenConditions, conditionsAt, conditionText } from './region.ts';
import { trainingDistance } from './trainingStars.ts';
import { drawLabels, REGION } from '../synthesis/draw.ts';

const label = (name: LabelName): ManifestLabel => ({ name, unit: 'dex', min: -1, max: 1, centre: 0, halfRange: 1 });
const info = { labels: (['teff', 'logg', 'C', 'O'] as const).map(label), region: REGION };

describe('the region of a model', () => {
  it('holds every star of the draw that made it', () => {
    const all = { labels: LABELS.map(label), region: REGION };
    for (let k = 0; k < 2000; k++) expect(brokenConditions(all, labelVector(drawLabels(5, k), LABELS))).toEqual([]);
  });

  it('names the condition that labels break, and by how much', () => {
    expect(brokenConditions(info, [6300, 1.5, 0, 0]).map(({ name, beyond }) => [name, Number(beyond.toFixed(3))])).toEqual([
      ['lowestLogg', 1],
    ]);
    const [carbon] = brokenConditions(info, [4486, 2.98, 0.49, 0]);
    expect(carbon?.beyond).toBeCloseTo(0.24, 9);
    expect(carbon === undefined ? '' : conditionText(carbon)).toBe(
      '[C/O] = 0.49, where the training stars end at 0.25: [C/Fe] is 0.24 dex outside',
    );
  });

  it('has slopes that are its derivatives, on the slope of log g and beyond its ends', () => {
    for (const teff of [4800, 5900, 7200]) {
      const at = (t: number, g: number) =>
        conditionsAt(REGION, (name) => (name === 'teff' ? t : name === 'logg' ? g : undefined))[0] ?? { beyond: NaN, slopes: [NaN, NaN] };
      const { slopes } = at(teff, 2);
      expect(slopes[0]).toBeCloseTo((at(teff, 2.01).beyond - at(teff, 1.99).beyond) / 0.02, 9);
      expect(slopes[1]).toBeCloseTo((at(teff + 1, 2).beyond - at(teff - 1, 2).beyond) / 2, 9);
    }
  });

  it('asks nothing where the model states nothing, or lacks the label', () => {
    expect(brokenConditions({ labels: info.labels }, [7000, 0.5, 0.6, -0.5])).toEqual([]);
    expect(brokenConditions({ labels: info.labels.slice(0, 1), region: REGION }, [7000])).toEqual([]);
  });
});

describe('the distance to the training stars', () => {
  // Two stars at ±1 spread in T_eff and the mean of C and O: bytes of (value + 4)/8 of 255.
  const byte = (value: number): string => String.fromCharCode(Math.round(((value + 4) / 8) * 255));
  const trainingStars = {
    coordinates: [
      { of: ['teff'], mean: 5500, spread: 500 },
      { of: ['C', 'O'], mean: 0, spread: 0.2 },
    ] as const,
    typical: 2,
    table: btoa([byte(-1), byte(-1), byte(1), byte(1)].join('')),
  };

  it('is 0 at a star and counts in typical distances', () => {
    const at = (teff: number, c: number, o: number) => trainingDistance({ ...info, trainingStars }, Float64Array.of(teff, 4, c, o)) ?? NaN;
    expect(at(6000, 0.2, 0.2)).toBeLessThan(0.02);
    expect(at(6000, 0.3, 0.1)).toBeLessThan(0.02);
    expect(at(6000 + 2000, 0.2, 0.2)).toBeCloseTo(2, 1);
  });

  it('is not told where the model says nothing', () => {
    expect(trainingDistance(info, Float64Array.of(5500, 4, 0, 0))).toBeNull();
  });
});
