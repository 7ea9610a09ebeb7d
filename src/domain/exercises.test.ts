import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXERCISES, exerciseIn } from './exercises.ts';
import { PRESET_STARS } from './presetStars.ts';
import { BLIND_STAR, SAMPLE_STARS, isSampleStar } from './sampleStars.ts';

/** Training ranges of the model that ships. */
const ranges = (
  JSON.parse(readFileSync(new URL('../../public/models/lte-atlas9-v3/manifest.json', import.meta.url), 'utf8')) as {
    labels: { name: string; min: number; max: number }[];
  }
).labels;

const outside = (labels: Readonly<Record<string, number>>): string[] =>
  Object.entries(labels)
    .filter(([name, value]) => !ranges.some((range) => range.name === name && value >= range.min && value <= range.max))
    .map(([name, value]) => `${name} ${String(value)}`);

describe('exercises and stars to try', () => {
  it('ask only for labels that the model has, within its ranges', () => {
    const scenes = EXERCISES.flatMap(({ steps }) => steps.map(({ scene }) => scene));
    const asked = [
      ...scenes.map(({ labels }) => labels ?? {}),
      ...PRESET_STARS.map(({ labels }) => labels),
      ...[...SAMPLE_STARS, BLIND_STAR].map(({ labels }) => labels ?? {}),
    ];
    expect(asked.flatMap(outside)).toEqual([]);
    const names = ranges.map(({ name }) => name);
    expect(scenes.map(({ derivative }) => derivative ?? 'teff').filter((name) => !names.includes(name))).toEqual([]);
  });

  it('are done on sample stars, over windows that begin before they end', () => {
    for (const { star, steps } of EXERCISES) {
      expect(isSampleStar(star)).toBe(true);
      for (const { scene } of steps) if (scene.window != null) expect(scene.window[0]).toBeLessThan(scene.window[1]);
    }
    expect(isSampleStar('simulated-star')).toBe(false);
  });

  it('are named by the address, beside other parts of it', () => {
    expect(exerciseIn('#learn=magnesium')?.title).toBe('Where magnesium is');
    expect(exerciseIn('#window=5000-5200&learn=blind')?.id).toBe('blind');
    expect(exerciseIn('#learn=nothing')).toBeNull();
    expect(exerciseIn('')).toBeNull();
  });
});
