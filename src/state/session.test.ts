import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClient } from '../testing/fakeClient.ts';
import { selectedEntry } from './entries.ts';
import { createSession } from './session.ts';
import type { NamedFile } from './session.ts';

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
});

const file = (name: string, bytes = 1): NamedFile => ({ name, arrayBuffer: () => Promise.resolve(new ArrayBuffer(bytes)) });

async function startedSession() {
  const client = new FakeClient();
  const session = createSession(client);
  const state = session.store.getState;
  await vi.waitUntil(() => state().engine.kind === 'ready' && state().entries.length === 1 && state().jacobian !== null);
  const runs = () => state().entries.map(({ run }) => run.kind);
  return { client, session, state, runs };
}

describe('session', () => {
  it('starts with the simulated star, selected, and derivatives at the Sun', async () => {
    const { state } = await startedSession();
    expect(selectedEntry(state())?.spectrum.simulated).toBe(true);
    expect(state().jacobian?.labels[0]).toBe(5772);
  });

  it('loads what can be read and leaves a notice for what cannot', async () => {
    const { session, state } = await startedSession();
    await session.openFiles([file('a.fits'), file('empty.fits', 0), file('b.fits')]);
    expect(state().entries.map(({ key }) => key)).toEqual(['demo star', 'a.fits', 'b.fits']);
    expect(state().selected).toBe('a.fits');
    expect(state().notices).toMatchObject([{ about: 'empty.fits', failure: { code: 'EMPTY_FILE' } }]);
    expect(state().reading).toBe(0);
    session.dismiss(state().notices[0]?.key ?? '');
    expect(state().notices).toEqual([]);
  });

  it('fits what is dropped at once, by Levenberg–Marquardt, and leaves what was there alone; not where the setting says no', async () => {
    const { client, session, state, runs } = await startedSession();
    session.settings.getState().setFit({ method: 'mcmc' });
    await session.dropFiles([file('a.fits'), file('empty.fits', 0), file('b.fits')]);
    await vi.waitUntil(() => runs().filter((kind) => kind === 'done').length === 2);
    expect(runs()).toEqual(['idle', 'done', 'done']);
    expect(client.asked.map(({ method }) => method)).toEqual(['lm', 'lm']);
    session.settings.getState().setAutoFit(false);
    await session.dropFiles([file('c.fits')]);
    expect(state().entries.at(-1)?.run.kind).toBe('idle');
    expect(client.asked).toHaveLength(2);
  });

  it('fits the first twenty of a large drop, and leaves the rest for "Fit all"', async () => {
    const { session, runs } = await startedSession();
    await session.dropFiles(Array.from({ length: 23 }, (_, i) => file(`${String(i)}.fits`)));
    expect(runs().slice(1, 21)).not.toContain('idle');
    expect(runs().slice(21)).toEqual(['idle', 'idle', 'idle']);
  });

  it('reads a file again by what a person says of it, and later ones of its layout at once', async () => {
    const { client, session, state } = await startedSession();
    await session.openFiles([file('a.txt'), file('other.fits')]);
    session.select('a.txt');
    session.fitSelected();
    await vi.waitUntil(() => state().entries[1]?.run.kind === 'done');
    expect(state().entries[1]?.spectrum.reading?.unsaid).toEqual(['medium', 'resolvingPower']);
    await session.answer('a.txt', { medium: 'air', resolvingPower: 2000 });
    expect(client.said.at(-1)).toEqual({ medium: 'air', resolvingPower: 2000 });
    const { entries, selected } = state();
    expect(entries.map(({ key }) => key)).toEqual(['demo star', 'a.txt', 'other.fits']);
    expect(entries[1]).toMatchObject({ spectrum: { medium: 'air', reading: { unsaid: [] } } });
    // It was fitted before, and is again.
    await vi.waitUntil(() => state().entries[1]?.run.kind === 'done');
    expect(client.asked).toHaveLength(2);
    expect(selected).toBe('a.txt');
    await session.openFiles([file('b.txt')]);
    expect(state().entries.at(-1)?.spectrum).toMatchObject({ medium: 'air', reading: { unsaid: [] } });
    // A spectrum without its file: the answer is kept for the next time.
    await session.answer('demo star', { medium: 'air' });
    expect(state().notices).toMatchObject([{ about: 'demo star', failure: { code: 'FILE_GONE' } }]);
  });

  it('tells of a file that the browser itself cannot open', async () => {
    const { session, state } = await startedSession();
    await session.openFiles([{ name: 'gone.fits', arrayBuffer: () => Promise.reject(new Error('moved')) }]);
    expect(state().notices).toMatchObject([{ failure: { code: 'FILE_UNREADABLE', message: 'gone.fits could not be opened: moved' } }]);
  });

  it('fits with the options that were set, shows the best so far, then result, calibration and derivatives there', async () => {
    const { client, session, state } = await startedSession();
    session.settings.getState().setFit({ method: 'lm', priorSigma: 0.3, rangeFrom: 4000, rangeTo: 6000 });
    const seen = new Set<string>();
    const stop = session.store.subscribe((now) => {
      const run = now.entries[0]?.run;
      seen.add(run?.kind === 'running' && run.progress?.best !== null && run.progress !== null ? 'best' : (run?.kind ?? ''));
    });
    session.fitSelected();
    await vi.waitUntil(() => state().entries[0]?.run.kind === 'done');
    stop();
    expect([...seen]).toEqual(['queued', 'running', 'best', 'done']);
    expect(client.asked).toMatchObject([{ method: 'lm', range: [4000, 6000], priorSigma: { Mg: 0.3, Eu: 0.3 } }]);
    expect(client.asked[0]?.priorSigma.teff).toBeUndefined();
    const run = state().entries[0]?.run;
    expect(run?.kind === 'done' && run.calibrated.calibration).toBe('toy');
    await vi.waitUntil(() => state().jacobian?.labels[0] === client.solution[0]);
  });

  it('runs one fit at a time, in order, and leaves finished ones alone', async () => {
    const { client, session, state, runs } = await startedSession();
    session.fitSelected();
    await vi.waitUntil(() => runs()[0] === 'done');
    await session.openFiles([file('a.fits'), file('b.fits')]);
    session.fitAll();
    await vi.waitUntil(() => runs()[1] === 'running');
    expect(runs()).toEqual(['done', 'running', 'queued']);
    await vi.waitUntil(() => runs().every((kind) => kind === 'done'));
    expect(client.asked).toHaveLength(3);
    expect(state().notices).toEqual([]);
  });

  it('a cancelled fit is cancelled, not failed; what waited is as before', async () => {
    const { client, session, state, runs } = await startedSession();
    client.steps = 1000;
    await session.openFiles([file('a.fits'), file('b.fits')]);
    session.fitAll();
    await vi.waitUntil(() => runs()[1] === 'running');
    session.cancelAll();
    expect(runs()).toEqual(['idle', 'cancelled', 'idle']);
    expect(state().notices).toEqual([]);
    expect(state().toast).toEqual({ text: 'Cancelled 2 fits', canUndo: true });
    session.settings.getState().setFit({ seed: 7 });
    client.steps = 2;
    session.undo();
    await vi.waitUntil(() => runs()[1] === 'done' && runs()[2] === 'done');
    // As they were asked for, from where they stood.
    expect(client.asked.map(({ seed }) => seed)).toEqual([1, 1, 1]);
    expect(client.resumed).toEqual([undefined, { after: 1000 }, undefined]);
  });

  it('one fit of a batch is cancelled and the rest goes on', async () => {
    const { client, session, state, runs } = await startedSession();
    client.steps = 1000;
    await session.openFiles([file('a.fits'), file('b.fits'), file('c.fits')]);
    session.fitAll();
    await vi.waitUntil(() => runs()[1] === 'running');
    session.select('c.fits');
    client.steps = 2;
    session.cancelSelected();
    session.select('a.fits');
    session.cancelSelected();
    session.select('demo star');
    session.cancelSelected();
    await vi.waitUntil(() => runs()[2] === 'done');
    expect(runs()).toEqual(['idle', 'cancelled', 'done', 'idle']);
    session.undo();
    session.undo();
    await vi.waitUntil(() => runs()[1] === 'done' && runs()[3] === 'done');
    expect(state().undoable).toBeNull();
  });

  it('leaves the demo star out of a sample', async () => {
    const { session, runs } = await startedSession();
    session.fitAll();
    await vi.waitUntil(() => runs()[0] === 'done');
    await session.openFiles([file('a.fits')]);
    session.fitAll();
    await vi.waitUntil(() => runs()[1] === 'done');
    const second = await startedSession();
    await second.session.openFiles([file('a.fits')]);
    second.session.fitAll();
    await vi.waitUntil(() => second.runs()[1] === 'done');
    expect(second.runs()).toEqual(['idle', 'done']);
  });

  it('forgets labels set by hand with the fit that replaced them, and nothing else', async () => {
    const { session, state, runs } = await startedSession();
    await session.openFiles([file('a.fits'), file('b.fits')]);
    session.remove('b.fits');
    session.setLabel(0, 6000);
    session.resetToFit();
    session.select('a.fits');
    session.setLabel(0, 5000);
    expect(state().undoable).toBe('label change');
    session.fitSelected();
    await vi.waitUntil(() => runs()[1] === 'done');
    expect(state().undoable).toBe('removed b.fits');
    session.undo();
    expect(state().entries.map(({ key }) => key)).toEqual(['demo star', 'a.fits', 'b.fits']);
    expect(state().undoable).toBeNull();
  });

  it('reports what was asked for and failed', async () => {
    const { session, state } = await startedSession();
    session.attempt('Results as JSON', () => Promise.reject(new Error('no memory')));
    session.attempt('Results as CSV', () => {
      throw new Error('no disk');
    });
    await vi.waitUntil(() => state().notices.length === 2);
    expect(
      state()
        .notices.map(({ about }) => about)
        .sort(),
    ).toEqual(['Results as CSV', 'Results as JSON']);
  });

  it('keeps the result when fitting again is cancelled', async () => {
    const { client, session, runs } = await startedSession();
    session.fitSelected();
    await vi.waitUntil(() => runs()[0] === 'done');
    client.steps = 1000;
    session.fitSelected();
    await vi.waitUntil(() => runs()[0] === 'running');
    session.cancelSelected();
    await vi.waitUntil(() => runs()[0] !== 'running');
    expect(runs()).toEqual(['done']);
  });

  it('tells of a fit that failed and goes on with the next', async () => {
    const { client, session, state, runs } = await startedSession();
    await session.openFiles([file('a.fits'), file('b.fits')]);
    vi.spyOn(client, 'fit').mockReturnValueOnce({
      result: Promise.resolve({ ok: false, failure: { code: 'NO_PIXELS', message: 'none', hint: 'widen the range' } }),
      cancel: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
    });
    session.fitAll();
    await vi.waitUntil(() => runs()[2] === 'done');
    expect(runs()).toEqual(['idle', 'failed', 'done']);
    expect(state().entries[1]?.run).toMatchObject({ failure: { code: 'NO_PIXELS' } });
  });

  it('brings a removed spectrum back with its fit', async () => {
    const { session, state, runs } = await startedSession();
    session.fitSelected();
    await vi.waitUntil(() => runs()[0] === 'done');
    session.remove('demo star');
    expect(state().entries).toEqual([]);
    session.undo();
    expect(runs()).toEqual(['done']);
    expect(state().selected).toBe('demo star');
  });

  it('stops the fit of a spectrum that is removed', async () => {
    const { client, session, state, runs } = await startedSession();
    client.steps = 1000;
    session.fitSelected();
    await vi.waitUntil(() => runs()[0] === 'running');
    session.remove('demo star');
    await session.openFiles([file('a.fits')]);
    client.steps = 1;
    session.fitSelected();
    await vi.waitUntil(() => runs()[0] === 'done');
    expect(state().notices).toEqual([]);
  });

  it('draws the model of a moved slider, keeps it in range, and undoes the move', async () => {
    const { client, session, state } = await startedSession();
    const manual = () => selectedEntry(state())?.manual ?? null;
    session.setLabel(0, 99_999);
    await vi.waitUntil(() => manual()?.drawn != null);
    expect(manual()?.labels[0]).toBe(client.emulator.info.labels[0]?.max);
    await vi.waitUntil(() => state().jacobian?.labels[0] === client.emulator.info.labels[0]?.max);
    session.undo();
    expect(manual()).toBeNull();
  });

  it('lets only the model follow a slider that is dragged, and takes the label up at rest as one step', async () => {
    const { session, state } = await startedSession();
    const before = selectedEntry(state());
    const derivatives = state().jacobian;
    for (const teff of [5800, 5850, 5900]) session.moveLabel(0, teff);
    await vi.waitUntil(() => state().live?.drawn?.labels[0] === 5900);
    expect(selectedEntry(state())).toBe(before);
    expect(state().jacobian).toBe(derivatives);
    await vi.waitUntil(() => state().live === null);
    const manual = selectedEntry(state())?.manual;
    expect(manual?.labels[0]).toBe(5900);
    expect(manual?.drawn).not.toBeNull();
    await vi.waitUntil(() => state().jacobian?.labels[0] === 5900);
    session.undo();
    expect(selectedEntry(state())?.manual).toBeNull();
    expect(state().undoable).toBeNull();
  });

  it('takes up a label that was on the way when another one is set, and the value that ends a drag once', async () => {
    const { session, state } = await startedSession();
    session.moveLabel(0, 5900);
    session.setLabel(1, 3);
    expect(state().live).toBeNull();
    expect([...(selectedEntry(state())?.manual?.labels ?? [])].slice(0, 2)).toEqual([5900, 3]);
    session.moveLabel(1, 3.5);
    session.setLabel(1, 4);
    expect(selectedEntry(state())?.manual?.labels[1]).toBe(4);
  });

  it('opens a sample star once, fits it, and keeps it out of the sample; removed, it leaves the demo star alone', async () => {
    const { session, state, runs } = await startedSession();
    await session.openSample('sun');
    await session.openSample('sun');
    expect(state().entries.map(({ key, demo }) => [key, demo])).toEqual([
      ['demo star', true],
      ['sun', true],
    ]);
    expect(state().selected).toBe('sun');
    await vi.waitUntil(() => runs()[1] === 'done');
    session.remove('sun');
    expect(session.settings.getState().demo).toBe(true);
  });

  it('keeps a model to compare with, with what tells it, until it is cleared', async () => {
    const { session, state } = await startedSession();
    session.setLabel(0, 5000);
    await session.freeze();
    expect(state().frozen).toMatchObject({ key: 'demo star', text: expect.stringMatching(/^5000 K/) as string });
    session.setLabel(0, 6000);
    expect(state().frozen?.text).toMatch(/^5000 K/);
    session.thaw();
    expect(state().frozen).toBeNull();
  });

  it('sets the page for a step of an exercise, and keeps the model of the step before where it says so', async () => {
    const { session, state } = await startedSession();
    await session.goTo('dwarf-giant', 0);
    expect(state().exercise).toEqual({ id: 'dwarf-giant', step: 0, answered: false });
    expect(selectedEntry(state())?.spectrum.id).toBe('sun');
    expect(selectedEntry(state())?.run.kind).toBe('idle');
    expect(state().window).toEqual([5000, 6000]);
    expect(session.settings.getState().derivative).toBe('logg');
    expect(selectedEntry(state())?.manual?.labels[0]).toBe(4700);
    expect(state().frozen).toBeNull();
    session.showAnswer();
    expect(state().exercise?.answered).toBe(true);
    await session.goTo('dwarf-giant', 1);
    expect(state().exercise?.answered).toBe(false);
    expect(state().frozen?.text).toMatch(/^4700 K/);
    session.closeLearning();
    expect(state().exercise).toBeNull();
  });

  it('resets one label, all to the fit, or all to the Sun', async () => {
    const { client, session, state, runs } = await startedSession();
    const teff = () => selectedEntry(state())?.manual?.labels[0];
    session.fitSelected();
    await vi.waitUntil(() => runs()[0] === 'done');
    session.setLabel(0, 6000);
    session.setLabel(1, 3);
    session.resetLabel(0);
    expect(teff()).toBe(client.solution[0]);
    expect(selectedEntry(state())?.manual?.labels[1]).toBe(3);
    session.resetToSolar();
    expect(teff()).toBe(5772);
    session.resetToFit();
    expect(selectedEntry(state())?.manual).toBeNull();
  });

  it('goes on with another model: spectra, settings and results stay, and each result says which model made it', async () => {
    const { client, session, state, runs } = await startedSession();
    client.offers = [...client.offers, { id: 'small', title: 'Small', bytes: 1e6, heldOutMae: null }];
    session.settings.getState().setFit({ seed: 7 });
    session.fitSelected();
    await vi.waitUntil(() => runs()[0] === 'done');
    await session.openFiles([file('a.fits')]);
    session.setLabel(0, 6100);
    await vi.waitUntil(() => selectedEntry(state())?.manual?.drawn != null);
    await session.chooseModel('small');
    expect(state().engine).toMatchObject({ kind: 'ready', engine: { info: { id: 'small' } } });
    expect(selectedEntry(state())?.manual?.labels[0]).toBe(6100);
    expect(selectedEntry(state())?.manual?.drawn).not.toBeNull();
    await vi.waitUntil(() => state().jacobian?.labels[0] === 6100);
    expect(session.settings.getState().fit.seed).toBe(7);
    session.fitSelected();
    await vi.waitUntil(() => runs()[1] === 'done');
    expect(state().entries.map(({ run }) => (run.kind === 'done' ? run.result.model : null))).toEqual([client.emulator.info.id, 'small']);
  });

  it('keeps the model that works where the other cannot be had, and says why', async () => {
    const { client, session, state } = await startedSession();
    await session.chooseModel('gone');
    expect(state().engine).toMatchObject({ kind: 'ready', engine: { info: { id: client.emulator.info.id } } });
    expect(state().notices).toMatchObject([{ about: 'Model gone', failure: { code: 'MODEL_UNKNOWN' } }]);
    session.setLabel(0, 5000);
    await vi.waitUntil(() => selectedEntry(state())?.manual?.drawn != null);
  });

  it('does not change the model under a fit', async () => {
    const { client, session, state, runs } = await startedSession();
    client.offers = [...client.offers, { id: 'small', title: 'Small', bytes: 1e6, heldOutMae: null }];
    client.steps = 1000;
    session.fitSelected();
    await vi.waitUntil(() => runs()[0] === 'running');
    await session.chooseModel('small');
    expect(state().engine).toMatchObject({ kind: 'ready', engine: { info: { id: client.emulator.info.id } } });
    session.cancelAll();
    await vi.waitUntil(() => runs()[0] === 'cancelled');
  });

  it('says so when there is no model, and still lists nothing to fit', async () => {
    const client = new FakeClient();
    const failure = { code: 'ASSET_MISSING', message: 'models/index.json answered 404.', hint: 'Reload.' };
    const broken = Object.assign(client, {
      ready: Promise.resolve({ ok: false, failure } as const),
      demo: () => Promise.resolve({ ok: false, failure } as const),
    });
    const { store, fitSelected } = createSession(broken);
    await vi.waitUntil(() => store.getState().engine.kind === 'failed');
    fitSelected();
    expect(store.getState().entries).toEqual([]);
    expect(store.getState().notices).toMatchObject([{ about: 'Demo star' }]);
  });
});
