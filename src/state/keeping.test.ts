import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClient } from '../testing/fakeClient.ts';
import { MemoryKeeper } from '../testing/memoryKeeper.ts';
import { createSession } from './session.ts';
import type { NamedFile } from './session.ts';

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
});

const file = (name: string): NamedFile => ({ name, arrayBuffer: () => Promise.resolve(new ArrayBuffer(1)) });

/** A page opened over what `keeper` holds; its client's fits take `steps` steps. */
async function visit(keeper: MemoryKeeper, steps = 4, prepare: (client: FakeClient) => void = () => undefined) {
  // What the page before it has still to write.
  await new Promise((resolve) => setTimeout(resolve, 0));
  const client = new FakeClient();
  client.steps = steps;
  prepare(client);
  const session = createSession(client, keeper);
  const state = session.store.getState;
  await until(() => state().engine.kind === 'ready' && state().entries.some(({ spectrum }) => spectrum.simulated));
  const runs = () => Object.fromEntries(state().entries.map(({ key, run }) => [key, run.kind]));
  return { client, session, state, runs };
}
const ENDLESS = 100_000;
/** Long: this waits for events, and is no test of speed. */
vi.setConfig({ testTimeout: 300_000 });
const until = (what: () => boolean) => vi.waitUntil(what, { timeout: 120_000 });

describe('a session that outlives a reload', () => {
  it('brings spectra and results back, in order and without a second demo star', async () => {
    const keeper = new MemoryKeeper();
    const first = await visit(keeper);
    await first.session.openFiles([file('b.fits'), file('a.fits')]);
    first.session.select('b.fits');
    first.session.fitSelected();
    await until(() => first.runs()['b.fits'] === 'done');
    const second = await visit(keeper);
    expect(second.runs()).toEqual({ 'demo star': 'idle', 'b.fits': 'done', 'a.fits': 'idle' });
    expect(second.state().entries.map(({ key }) => key)).toEqual(['demo star', 'b.fits', 'a.fits']);
    const result = (visited: typeof first) => visited.state().entries.find(({ key }) => key === 'b.fits')?.run;
    expect(result(second)).toEqual(result(first));
    expect(second.client.asked).toEqual([]);
  });

  it('begins a fit that was under way again, with the settings it had, and what waited after it', async () => {
    const keeper = new MemoryKeeper();
    const first = await visit(keeper, ENDLESS);
    await first.session.openFiles([file('a.fits')]);
    first.session.settings.getState().setFit({ method: 'lm', seed: 42 });
    first.session.fitAll();
    const written = () => JSON.stringify(keeper.records.get('demo star'), ['asked', 'checkpoint', 'after']);
    await until(() => first.runs()['demo star'] === 'running' && keeper.records.size === 2 && written().includes('after'));
    first.session.settings.getState().setFit({ seed: 7 });

    expect(first.client.resumed).toEqual([undefined]);
    const second = await visit(keeper);
    await until(() => Object.values(second.runs()).every((kind) => kind === 'done'));
    // The one that ran goes on from what it had written down; the one that waited begins.
    expect(second.client.resumed).toEqual([{ after: ENDLESS }, undefined]);
    expect(second.client.asked).toMatchObject([
      { method: 'lm', seed: 42 },
      { method: 'lm', seed: 42 },
    ]);
    const third = await visit(keeper);
    expect(third.runs()).toEqual({ 'demo star': 'done', 'a.fits': 'done' });
    expect(third.client.asked).toEqual([]);
  });

  it('keeps an earlier result through a reload in the middle of fitting again', async () => {
    const keeper = new MemoryKeeper();
    const first = await visit(keeper);
    first.session.fitSelected();
    await until(() => first.runs()['demo star'] === 'done');
    first.client.steps = ENDLESS;
    first.session.fitSelected();
    await until(() => first.runs()['demo star'] === 'running');
    const second = await visit(keeper, ENDLESS);
    await until(() => second.runs()['demo star'] === 'running');
    second.session.cancel();
    await until(() => second.runs()['demo star'] === 'done');
  });

  it('goes on with the model that was chosen; says so where it is gone', async () => {
    const keeper = new MemoryKeeper();
    const small = (client: FakeClient) => {
      client.offers = [...client.offers, { id: 'small', title: 'Small', bytes: 1e6, heldOutMae: null }];
    };
    const first = await visit(keeper, ENDLESS, small);
    await first.session.chooseModel('small');
    first.session.fitSelected();
    await until(() => first.runs()['demo star'] === 'running');
    const second = await visit(keeper, 4, small);
    await until(() => second.runs()['demo star'] === 'done');
    expect(second.state().entries[0]?.run).toMatchObject({ result: { model: 'small' } });
  });

  it('forgets what is removed; a cancelled fit stays cancelled', async () => {
    const keeper = new MemoryKeeper();
    const first = await visit(keeper, ENDLESS);
    await first.session.openFiles([file('a.fits'), file('b.fits')]);
    first.session.fitAll();
    first.session.remove('a.fits');
    first.session.cancel();
    await until(() => first.runs()['demo star'] === 'cancelled' && keeper.records.size === 2);
    const second = await visit(keeper);
    expect(second.runs()).toEqual({ 'demo star': 'idle', 'b.fits': 'idle' });
  });

  it('drops records that are not its own, and says once that it cannot write', async () => {
    const keeper = new MemoryKeeper();
    await visit(keeper);
    keeper.records.set('old.fits', { version: 0, spectrum: {} });
    keeper.records.set('broken.fits', 'not a record');
    keeper.full = true;
    const { session, state, runs } = await visit(keeper);
    expect(Object.keys(runs())).toEqual(['demo star']);
    expect([...keeper.records.keys()]).toEqual(['demo star']);
    await session.openFiles([file('a.fits'), file('b.fits')]);
    await until(() => state().notices.length > 0);
    expect(state().notices.map(({ failure }) => failure.code)).toEqual(['NOT_KEPT']);
  });
});

describe('pause and resume', () => {
  it('holds what runs and what waits, goes on where it was, and several fits run at once', async () => {
    const client = new FakeClient();
    client.parallel = 2;
    client.steps = 12;
    const session = createSession(client);
    const state = session.store.getState;
    await until(() => state().engine.kind === 'ready' && state().entries.length === 1);
    await session.openFiles([file('a.fits'), file('b.fits')]);
    const runs = () => state().entries.map(({ run }) => run.kind);
    session.togglePause();
    expect(state().paused).toBe(false);
    session.fitAll();
    await until(() => runs().join() === 'running,running,queued');
    session.togglePause();
    const fractions = () => state().entries.map(({ run }) => (run.kind === 'running' ? run.progress?.fraction : null));
    // A step under way when the pause came may still report; twelve would end the fit.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const at = fractions();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(fractions()).toEqual(at);
    expect(runs()).toEqual(['running', 'running', 'queued']);
    session.togglePause();
    await until(() => runs().every((kind) => kind === 'done'));
    expect(client.asked).toHaveLength(3);
  });

  it('cancel ends a pause too', async () => {
    const client = new FakeClient();
    client.steps = ENDLESS;
    const session = createSession(client);
    const state = session.store.getState;
    await until(() => state().engine.kind === 'ready' && state().entries.length === 1);
    session.fitSelected();
    session.togglePause();
    session.cancel();
    await until(() => state().entries[0]?.run.kind === 'cancelled');
    expect(state().paused).toBe(false);
  });
});
