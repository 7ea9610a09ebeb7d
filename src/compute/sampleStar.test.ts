import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BLIND_STAR, SAMPLE_STARS } from '../domain/sampleStars.ts';
import { success } from '../domain/result.ts';
import { ToyEmulator } from '../testing/toyEmulator.ts';
import type { Assets } from './assets.ts';
import { sampleStar } from './sampleStar.ts';

const site: Assets = {
  read: (path) => Promise.resolve(success(new Uint8Array(readFileSync(new URL(`../../public/${path}`, import.meta.url))))),
};

it('reads the Sun as an observation whose errors are set, with its source and its labels', async () => {
  const sun = await sampleStar('sun', new ToyEmulator(), site);
  if (!sun.ok) throw new Error(sun.failure.message);
  const { simulated, ivarIsMeasured, truth, meta, flux, wavelength } = sun.value;
  expect({ simulated, ivarIsMeasured }).toEqual({ simulated: false, ivarIsMeasured: false });
  expect(truth).toMatchObject({ teff: 5772, logg: 4.438, feh: 0, Mg: 0 });
  expect(meta['note']).toContain('Coddington');
  // Hα is the deepest of its surroundings.
  const around = [...wavelength.keys()].filter((p) => Math.abs((wavelength[p] ?? 0) - 6564.6) < 25);
  const deepest = around.reduce((best, p) => ((flux[p] ?? 0) < (flux[best] ?? 0) ? p : best));
  expect(wavelength[deepest]).toBeGreaterThan(6562);
  expect(wavelength[deepest]).toBeLessThan(6567);
});

it('makes the others with the model, the same each time, marked as simulated; the blind one keeps its truth to itself', async () => {
  const emulator = new ToyEmulator();
  for (const { id } of SAMPLE_STARS.filter(({ labels }) => labels !== null)) {
    const [one, again] = [await sampleStar(id, emulator, site), await sampleStar(id, emulator, site)];
    if (!one.ok || !again.ok) throw new Error(id);
    expect(one.value.simulated).toBe(true);
    expect(one.value.truth).toBeDefined();
    expect(one.value.flux).toEqual(again.value.flux);
  }
  const blind = await sampleStar(BLIND_STAR.id, emulator, site);
  expect(blind.ok && blind.value.truth).toBeUndefined();
  expect(await sampleStar('nobody', emulator, site)).toMatchObject({ ok: false, failure: { code: 'SAMPLE_UNKNOWN' } });
});
