import { expect, test } from 'vitest';
import { failed, success } from '../domain/result.ts';
import type { Assets } from './assets.ts';
import { findCalibration } from './calibrations.ts';
import { loadDemoStar } from './demoStar.ts';
import { chooseModel, listModels, offerModels } from './models.ts';

/** A site of text files. */
const site = (files: Readonly<Record<string, string>>): Assets => ({
  read: (path) => {
    const text = files[path];
    return Promise.resolve(text === undefined ? failed('ASSET_MISSING', `${path} answered 404.`) : success(new TextEncoder().encode(text)));
  },
});

test('the first model of the index is the default, and one that is not there is answered with those that are', async () => {
  const assets = site({ 'models/index.json': '[{"id": "a-1", "title": "A"}, {"id": "b-1", "title": "B"}]' });
  expect(await chooseModel(assets, undefined)).toMatchObject({ ok: true, value: { id: 'a-1' } });
  expect(await chooseModel(assets, 'b-1')).toMatchObject({ ok: true, value: { title: 'B' } });
  const unknown = await chooseModel(assets, 'c-1');
  expect(unknown).toMatchObject({ ok: false, failure: { code: 'MODEL_UNKNOWN', hint: 'Models: a-1, b-1.' } });
});

test('an index that is missing, no JSON, or of another shape has a name each', async () => {
  expect(await listModels(site({}))).toMatchObject({ ok: false, failure: { code: 'ASSET_MISSING' } });
  expect(await listModels(site({ 'models/index.json': '<!doctype html>' }))).toMatchObject({
    ok: false,
    failure: { code: 'ASSET_NOT_JSON' },
  });
  expect(await listModels(site({ 'models/index.json': '[{"id": "../etc", "title": ""}]' }))).toMatchObject({
    failure: { code: 'MODEL_INDEX_INVALID' },
  });
});

test('models are offered with the size and error that their manifests tell, and without where one is missing', async () => {
  const assets = site({
    'models/index.json': '[{"id": "a-1", "title": "A"}, {"id": "b-1", "title": "B", "note": "for slow machines"}]',
    'models/b-1/manifest.json': '{"weights": {"bytes": 800000}, "heldOutMae": 0.004}',
  });
  expect(await offerModels(assets)).toMatchObject({
    ok: true,
    value: [
      { id: 'a-1', title: 'A', bytes: null, heldOutMae: null },
      { id: 'b-1', title: 'B', note: 'for slow machines', bytes: 800000, heldOutMae: 0.004 },
    ],
  });
  expect(await offerModels(site({}))).toMatchObject({ ok: false, failure: { code: 'ASSET_MISSING' } });
});

test('without a calibration of the model labels stay raw, and a warning says why', async () => {
  const model = { id: 'a-1', weights: 'abc' };
  const none = await findCalibration(site({ 'calibrations/index.json': '[{"file": "b.json", "model": "b-1"}]' }), model);
  expect(none).toMatchObject({ ok: true, value: null });
  expect(none.ok && none.warnings[0]).toContain('a-1');
  const broken = await findCalibration(
    site({ 'calibrations/index.json': '[{"file": "a.json", "model": "a-1"}]', 'calibrations/a.json': '{}' }),
    model,
  );
  expect(broken.ok && broken.warnings[0]).toContain('not one of ours');
});

test('a demo star survives its file; one whose columns differ is refused', async () => {
  const star = {
    format: 'maury-demo-star-1',
    id: 'demo',
    object: 'A simulated star',
    note: 'made up',
    start: 3.57,
    step: 1e-4,
    flux: [1, 2, 3],
    sigma: [0.1, 0, 0.2],
    fluxUnit: 'counts',
    resolvingPower: 1800,
    snr: 60,
    meta: { seed: 1 },
    truth: { teff: 5000 },
  };
  const loaded = await loadDemoStar(site({ 'demo/star.json': JSON.stringify(star) }));
  expect(loaded).toMatchObject({ ok: true, value: { simulated: true, truth: { teff: 5000 } } });
  if (loaded.ok) {
    expect(loaded.value.wavelength[2]).toBeCloseTo(10 ** 3.5702, 8);
    expect([...loaded.value.ivar].map((value) => Math.round(value))).toEqual([100, 0, 25]);
  }
  expect(await loadDemoStar(site({ 'demo/star.json': JSON.stringify({ ...star, sigma: [1] }) }))).toMatchObject({
    failure: { code: 'DEMO_INVALID' },
  });
});

test('a calibration is chosen by its id, or none; one that is not listed is refused by name', async () => {
  const index = '[{"id": "first", "file": "b.json", "model": "b-1"}, {"id": "second", "file": "c.json", "model": "b-1"}]';
  const listed = site({ 'calibrations/index.json': index });
  expect(await findCalibration(listed, { id: 'b-1', weights: 'w' }, 'none')).toMatchObject({ ok: true, value: null, warnings: [] });
  const unknown = await findCalibration(listed, { id: 'b-1', weights: 'w' }, 'third');
  expect(unknown).toMatchObject({
    ok: false,
    failure: { code: 'CALIBRATION_UNKNOWN', hint: expect.stringContaining('none, first, second') as string },
  });
});
