import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClient } from '../testing/fakeClient.ts';
import { MemoryKeeper } from '../testing/memoryKeeper.ts';
import { MemoryBrowser } from '../testing/memoryTabs.ts';
import { spectrumPlot } from '../ui/views/plots.ts';
import { exportedRecords } from './exports.ts';
import { createSession } from './session.ts';
import type { NamedFile } from './session.ts';

const stored = new Map<string, string>();
beforeEach(() => {
  stored.clear();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  });
});

const file = (name: string): NamedFile => ({ name, arrayBuffer: () => Promise.resolve(new ArrayBuffer(1)) });

/** A page opened over what `keeper` holds; its client's fits take `steps` steps. */
async function visit(
  keeper: MemoryKeeper,
  steps = 4,
  prepare: (client: FakeClient) => void = () => undefined,
  tabs = new MemoryBrowser().openTab(),
) {
  // What the page before it has still to write.
  await new Promise((resolve) => setTimeout(resolve, 0));
  const client = new FakeClient();
  client.steps = steps;
  prepare(client);
  const session = createSession(client, { keeper, tabs });
  const state = session.store.getState;
  await until(() => state().engine.kind === 'ready' && state().entries.length > 0);
  const runs = () => Object.fromEntries(state().entries.map(({ key, run }) => [key, run.kind]));
  return { client, session, state, runs };
}
const ENDLESS = 100_000;
/** Long: this waits for events, and is no test of speed. */
vi.setConfig({ testTimeout: 300_000 });
const until = (what: () => boolean) => vi.waitUntil(what, { timeout: 60_000 });
const codes = ({ state }: Awaited<ReturnType<typeof visit>>) => state().notices.map(({ failure }) => failure.code);

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
    first.session.fitSelected();
    await until(() => first.runs()['a.fits'] === 'running');
    first.session.select('demo star');
    first.session.fitSelected();
    const written = () => JSON.stringify([...keeper.records.values()], ['asked', 'checkpoint', 'after']);
    await until(() => keeper.records.size === 2 && written().includes('after') && first.runs()['demo star'] === 'queued');
    first.session.settings.getState().setFit({ seed: 7 });

    expect(first.client.resumed).toEqual([undefined]);
    const second = await visit(keeper);
    await until(() => Object.values(second.runs()).every((kind) => kind === 'done'));
    // The one that ran goes on from what it had written down; the one that waited begins.
    expect(second.client.resumed).toEqual([undefined, { after: ENDLESS }]);
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
    second.session.cancelAll();
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
    first.session.select('b.fits');
    first.session.fitSelected();
    await until(() => first.runs()['b.fits'] === 'running');
    first.session.remove('a.fits');
    first.session.cancelAll();
    await until(() => first.runs()['b.fits'] === 'cancelled' && keeper.records.size === 2);
    const second = await visit(keeper);
    expect(second.runs()).toEqual({ 'demo star': 'idle', 'b.fits': 'idle' });
  });

  it('keeps records that it cannot read, and says which and why', async () => {
    const keeper = new MemoryKeeper();
    await visit(keeper);
    const later = { version: 99, spectrum: {}, precious: 'results' };
    keeper.records.set('later.fits', later);
    keeper.records.set('broken.fits', 'not a record');
    const second = await visit(keeper);
    expect(Object.keys(second.runs())).toEqual(['demo star']);
    expect(codes(second)).toEqual(['NOT_READABLE']);
    const message = second.state().notices[0]?.failure.message;
    expect(message).toContain('2 kept spectra');
    expect(message).toContain('later.fits (written by a later version of this page (99))');
    await second.session.openFiles([file('later.fits'), file('broken.fits')]);
    second.session.remove('later.fits');
    await until(() => keeper.records.size === 4);
    expect(keeper.records.get('later.fits')).toEqual(later);
    expect(keeper.records.get('broken.fits')).toBe('not a record');
  });

  it('opens what the first version of the page kept', async () => {
    const keeper = new MemoryKeeper();
    const first = await visit(keeper);
    await first.session.openFiles([file('a.fits')]);
    first.session.fitSelected();
    await until(() => first.runs()['a.fits'] === 'done');
    const settings = { ...first.session.settings.getState().fit, priorSigma: 0.3, seed: 42 };
    const [demo, star] = [...keeper.records.values()] as Record<string, unknown>[];
    const { owner, key, demo: isDemo, ...old } = star ?? {};
    // A result did not keep its problem then.
    const { result } = old.finished as { result: Record<string, unknown> };
    for (const name of ['format', 'problem', 'z', 'curvature', 'scaledCovariance', 'chi2ReducedWidened', 'nuisances'])
      Reflect.deleteProperty(result, name);
    expect([owner, key, isDemo]).toEqual(['tab 1', 'a.fits', false]);
    keeper.records.clear();
    keeper.records.set('demo star', {
      version: 1,
      rank: 0,
      spectrum: demo?.spectrum,
      warnings: [],
      finished: null,
      asked: { settings, model: null },
    });
    keeper.records.set('a.fits', { ...old, version: 1, rank: 1, asked: null });
    const second = await visit(keeper);
    await until(() => second.runs()['demo star'] === 'done' && second.runs()['a.fits'] === 'done');
    expect(second.runs()).toEqual({ 'demo star': 'done', 'a.fits': 'done' });
    expect(second.state().entries[0]?.demo).toBe(true);
    // It is drawn, tabled and exported as far as it goes.
    const [, opened] = second.state().entries;
    if (opened === undefined) throw new Error('no star');
    expect(spectrumPlot(opened, 'rest', { showLines: true, residualUnit: 'everything' }, null)).toMatchObject({
      clipped: null,
      model: opened.run.kind === 'done' ? opened.run.result.modelFlux : 0,
    });
    const run = { software: { name: 'Maury' as const, version: '0', commit: null }, date: '' };
    expect(exportedRecords([opened], run)).toMatchObject([
      { ok: true, chi2ReducedWidened: null, provenance: { options: null, model: { weights: null } } },
    ]);
    second.session.select('a.fits');
    second.session.setLabel(0, 5900);
    await until(() => second.state().entries[1]?.manual?.drawn != null);
    // What was the default then is the default now: each element's own prior.
    expect(second.client.asked).toMatchObject([{ seed: 42, priorSigma: { Mg: 0.3, C: 0.4, N: 0.4 } }]);
    expect(codes(second)).toEqual([]);
    await until(() => [...keeper.records.values()].every((record) => (record as { version: number }).version === 7));
  });

  it('reports a store that cannot be opened, and one that cannot be written, once', async () => {
    const keeper = new MemoryKeeper();
    keeper.all = () => Promise.reject(new Error('the disk is gone'));
    keeper.full = true;
    const only = await visit(keeper);
    await only.session.openFiles([file('a.fits'), file('b.fits')]);
    await until(() => codes(only).includes('NOT_KEPT'));
    expect(codes(only)).toEqual(['STORE_UNREADABLE', 'NOT_KEPT']);
    expect(only.state().notices[0]?.failure.message).toContain('the disk is gone');
  });

  it('keeps what comes after a write that failed', async () => {
    const keeper = new MemoryKeeper();
    const first = await visit(keeper);
    await until(() => keeper.records.size === 1);
    keeper.full = true;
    await first.session.openFiles([file('a.fits')]);
    await until(() => codes(first).includes('NOT_KEPT'));
    keeper.full = false;
    await first.session.openFiles([file('b.fits')]);
    await until(() => keeper.records.size === 2);
  });

  it('does not bring a demo star back that was removed, until it is asked for', async () => {
    const keeper = new MemoryKeeper();
    const first = await visit(keeper);
    await first.session.openFiles([file('a.fits')]);
    first.session.remove('demo star');
    await until(() => keeper.records.size === 1);
    const second = await visit(keeper);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(Object.keys(second.runs())).toEqual(['a.fits']);
    second.session.showDemo();
    await until(() => second.runs()['demo star'] === 'idle');
    const third = await visit(keeper);
    expect(Object.keys(third.runs())).toContain('demo star');
  });

  it('remembers the model that was chosen', async () => {
    const small = (client: FakeClient) => {
      client.offers = [...client.offers, { id: 'small', title: 'Small', bytes: 1e6, heldOutMae: null }];
    };
    const first = await visit(new MemoryKeeper(), 4, small);
    await first.session.chooseModel('small');
    const second = await visit(new MemoryKeeper(), 4, small);
    expect(second.state().engine).toMatchObject({ kind: 'ready', engine: { info: { id: 'small' } } });
    const third = await visit(new MemoryKeeper());
    expect(codes(third)).toEqual(['MODEL_UNKNOWN']);
    expect(codes(await visit(new MemoryKeeper()))).toEqual([]);
  });
});

describe('two tabs', () => {
  const nothing = (): void => undefined;

  it('the second shows what the first keeps, fits none of it again, and sees how it ends', async () => {
    const keeper = new MemoryKeeper();
    const browser = new MemoryBrowser();
    const first = await visit(keeper, 60, nothing, browser.openTab());
    await first.session.openFiles([file('a.fits'), file('b.fits')]);
    first.session.fitAll();
    await until(() => first.runs()['a.fits'] === 'running' && keeper.records.size === 3);
    const second = await visit(keeper, 4, nothing, browser.openTab());
    expect(second.runs()).toEqual({ 'demo star': 'idle', 'a.fits': 'elsewhere', 'b.fits': 'elsewhere' });
    second.session.fitAll();
    second.session.select('b.fits');
    second.session.fitSelected();
    second.session.remove('b.fits');
    expect(second.runs()).toEqual({ 'demo star': 'idle', 'a.fits': 'elsewhere', 'b.fits': 'elsewhere' });
    await until(() => first.runs()['b.fits'] === 'done');
    await until(() => second.runs()['a.fits'] === 'done' && second.runs()['b.fits'] === 'done');
    expect(second.client.asked).toEqual([]);
    first.session.remove('a.fits');
    await until(() => !('a.fits' in second.runs()));
    expect(keeper.records.size).toBe(2);
  });

  it('a file open in both is kept twice and overwritten by neither', async () => {
    const keeper = new MemoryKeeper();
    const browser = new MemoryBrowser();
    const first = await visit(keeper, 4, nothing, browser.openTab());
    const second = await visit(keeper, 4, nothing, browser.openTab());
    await first.session.openFiles([file('a.fits')]);
    await until(() => 'a.fits' in second.runs());
    await second.session.openFiles([file('a.fits')]);
    second.session.fitSelected();
    await until(() => second.runs()['a.fits (2)'] === 'done');
    await until(() => Object.values(first.runs()).includes('done'));
    expect(first.runs()['a.fits']).toBe('idle');
    browser.close('tab 1');
    browser.close('tab 2');
    const third = await visit(keeper, 4, nothing, browser.openTab());
    expect(Object.values(third.runs()).sort()).toEqual(['done', 'idle', 'idle']);
  });

  it('when the first closes, the second takes over what it left, where it stood', async () => {
    const keeper = new MemoryKeeper();
    const browser = new MemoryBrowser();
    const first = await visit(keeper, ENDLESS, nothing, browser.openTab());
    await first.session.openFiles([file('a.fits')]);
    first.session.fitSelected();
    await until(() => JSON.stringify([...keeper.records.values()], ['asked', 'checkpoint', 'after']).includes('after'));
    const second = await visit(keeper, 4, nothing, browser.openTab());
    const third = await visit(keeper, 4, nothing, browser.openTab());
    expect(second.runs()['a.fits']).toBe('elsewhere');
    browser.close('tab 1');
    await until(() => second.runs()['a.fits'] === 'done' && third.runs()['a.fits'] === 'done');
    // One of the two took it over.
    expect([...second.client.resumed, ...third.client.resumed]).toEqual([{ after: ENDLESS }]);
  });

  it('does not go on with a fit of another model', async () => {
    const keeper = new MemoryKeeper();
    const browser = new MemoryBrowser();
    const small = (client: FakeClient) => {
      client.offers = [...client.offers, { id: 'small', title: 'Small', bytes: 1e6, heldOutMae: null }];
    };
    const first = await visit(keeper, ENDLESS, small, browser.openTab());
    await first.session.chooseModel('small');
    await first.session.openFiles([file('a.fits')]);
    first.session.fitSelected();
    await until(() => first.runs()['a.fits'] === 'running');
    first.session.settings.getState().setModel(null);
    const second = await visit(keeper, 4, small, browser.openTab());
    browser.close('tab 1');
    await until(() => codes(second).length > 0);
    expect(codes(second)).toEqual(['FIT_LEFT']);
    expect(second.runs()['a.fits']).toBe('idle');
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
    session.select('demo star');
    session.fitSelected();
    await until(() => runs().join() === 'queued,running,running');
    session.togglePause();
    const fractions = () => state().entries.map(({ run }) => (run.kind === 'running' ? run.progress?.fraction : null));
    // A step under way when the pause came may still report; twelve would end the fit.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const at = fractions();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(fractions()).toEqual(at);
    expect(runs()).toEqual(['queued', 'running', 'running']);
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
    session.cancelSelected();
    await until(() => state().entries[0]?.run.kind === 'cancelled');
    expect(state().paused).toBe(false);
  });
});
