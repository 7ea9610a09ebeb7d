import { afterEach, expect, test, vi } from 'vitest';
import { CANCELLED } from '../domain/client.ts';
import type { FitProgress } from '../domain/fit.ts';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { simulateSpectrum } from '../spectra/simulate.ts';
import { createFitClient } from './client.ts';

vi.setConfig({ testTimeout: 60_000 });

const base = new URL('/tiny-site/', location.href).href;
const spawn = (): Worker => new Worker(new URL('../testing/tinySite.worker.ts', import.meta.url), { type: 'module' });
const clients: { dispose(): void }[] = [];
const open = (options: Partial<Parameters<typeof createFitClient>[0]> = {}) => {
  const client = createFitClient({ base, spawn, backend: 'wasm', ...options });
  clients.push(client);
  return client;
};
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

async function ready(client: ReturnType<typeof createFitClient>) {
  const engine = await client.ready;
  if (!engine.ok) throw new Error(engine.failure.message);
  const { info } = engine.value;
  const labels = Float64Array.from(info.labels, (label) => label.centre + 0.3 * label.halfRange);
  const flux = await client.predict(labels);
  const spectrum = simulateSpectrum(
    { flux, ...info },
    { id: 'star', lsf: { kind: 'resolving-power', resolvingPower: 1800 }, snr: 80, rv: 20, seed: 1 },
  );
  return { engine: engine.value, labels, flux, spectrum };
}

test('the worker opens a model, says what it runs on, predicts, fits with progress, calibrates and redraws', async () => {
  const client = open();
  const { engine, labels, flux, spectrum } = await ready(client);
  expect(engine.backend.name).toBe('wasm');
  expect(engine.wavelength).toHaveLength(flux.length);
  const progress: FitProgress[] = [];
  const fit = await client.fit(spectrum, { ...DEFAULT_FIT_OPTIONS, method: 'lm' }, (step) => progress.push(step)).result;
  if (!fit.ok) throw new Error(fit.failure.message);
  expect(Math.abs(fit.value.result.rv.value - 20)).toBeLessThan(10);
  expect(progress.length).toBeGreaterThan(1);
  expect(progress.some((step) => step.best !== null && step.best.model.length === spectrum.flux.length)).toBe(true);
  expect(fit.value.calibrated.calibration).toBe('none');
  expect((await client.redraw(spectrum, null, labels, 20)).model).toHaveLength(spectrum.flux.length);
  // The worker holds the last eight; one that it has let go is sent again.
  const { result } = fit.value;
  const own = Float64Array.from(result.labels, ({ value }) => value);
  const drawn = await client.redraw(spectrum, result, own, result.rv.value);
  for (let k = 0; k < 9; k++) await client.redraw({ ...spectrum }, null, labels, 20);
  expect(await client.redraw(spectrum, result, own, result.rv.value)).toEqual(drawn);
  expect((await client.jacobian(labels)).derivatives).toHaveLength(33);
  expect(await client.models()).toMatchObject([{ id: 'tiny-3' }, { id: 'tiny-4' }, { id: 'missing', bytes: null }]);
});

test('failures cross as data: a file that is no spectrum, a demo star that is missing', async () => {
  const client = open();
  expect(await client.read('empty.fits', new Uint8Array())).toMatchObject({ ok: false, failure: { code: 'EMPTY_FILE' } });
  expect(await client.demo()).toMatchObject({ ok: false, failure: { code: 'ASSET_MISSING' } });
  expect(await open({ model: 'nonesuch' }).ready).toMatchObject({ ok: false, failure: { code: 'MODEL_UNKNOWN' } });
});

test('another model, of another kind of network, takes over in the same worker; one that is missing does not', async () => {
  const client = open();
  const { labels, flux, spectrum } = await ready(client);
  const options = { ...DEFAULT_FIT_OPTIONS, method: 'lm' as const };
  const first = await client.fit(spectrum, options, () => undefined).result;
  const answered = client.jacobian(labels);
  const changed = await client.use('tiny-4');
  expect(changed).toMatchObject({ ok: true, value: { info: { id: 'tiny-4' }, backend: { name: 'wasm' } } });
  expect((await answered).derivatives).toHaveLength(33);
  expect(await client.ready).toMatchObject({ ok: true, value: { info: { id: 'tiny-4' } } });
  const other = await client.predict(labels);
  expect(Math.max(...other.map((value, i) => Math.abs(value - (flux[i] ?? NaN))))).toBeGreaterThan(0.01);
  const second = await client.fit(spectrum, options, () => undefined).result;
  expect([first, second].map((fit) => (fit.ok ? fit.value.result.model : fit.failure.code))).toEqual(['tiny-3', 'tiny-4']);

  expect(await client.use('missing')).toMatchObject({ ok: false, failure: { code: 'MODEL_UNREADABLE' } });
  expect(await client.predict(labels)).toEqual(other);
  expect(await client.ready).toMatchObject({ ok: true, value: { info: { id: 'tiny-4' } } });
});

test('a cancelled fit answers at once, reports nothing more, and the worker goes on to other work', async () => {
  const client = open();
  const { spectrum, labels } = await ready(client);
  let after = 0;
  let cancelled = false;
  const job = client.fit(spectrum, { ...DEFAULT_FIT_OPTIONS, method: 'cmaes' }, () => {
    if (cancelled) after++;
    else {
      cancelled = true;
      job.cancel();
    }
  });
  expect(await job.result).toMatchObject({ ok: false, failure: { code: CANCELLED } });
  expect(await client.predict(labels)).toHaveLength(13500);
  expect(after).toBe(0);
});

test('two fits at once go to two workers and end at the digits of one; a paused one stands still', async () => {
  let spawned = 0;
  const client = open({
    workers: 2,
    spawn: () => {
      spawned++;
      return spawn();
    },
  });
  const { spectrum } = await ready(client);
  expect(client.parallel).toBe(2);
  const options = { ...DEFAULT_FIT_OPTIONS, method: 'lm' as const };
  const values = async (job: ReturnType<typeof client.fit>) => {
    const fit = await job.result;
    if (!fit.ok) throw new Error(fit.failure.message);
    return fit.value.result.labels.map(({ value }) => value);
  };
  const alone = await values(client.fit(spectrum, options, () => undefined));
  expect(spawned).toBe(1);
  let steps = 0;
  const held = client.fit(spectrum, options, () => steps++);
  held.pause();
  const other = await values(client.fit(spectrum, options, () => undefined));
  expect([spawned, other]).toEqual([2, alone]);
  // The first word of a fit comes before its first pause.
  expect(steps).toBeLessThan(3);
  held.resume();
  expect(await values(held)).toEqual(alone);
});

test('a worker that dies is a named failure, and the next request gets a fresh one', async () => {
  let spawned = 0;
  const dying = (): Worker => {
    spawned++;
    if (spawned > 1) return spawn();
    return new Worker(
      URL.createObjectURL(new Blob(['self.onmessage = () => { throw new Error("out of memory"); };'], { type: 'text/javascript' })),
    );
  };
  const client = open({ spawn: dying });
  const first = await client.ready;
  expect(first).toMatchObject({ ok: false, failure: { code: 'WORKER_CRASHED' } });
  expect(first.ok ? '' : first.failure.message).toContain('out of memory');
  expect(await client.ready).toMatchObject({ ok: true });
  expect(spawned).toBe(2);
});
