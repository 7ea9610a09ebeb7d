import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClient } from '../testing/fakeClient.ts';
import { file, startedSession } from '../testing/startedSession.ts';
import { selectedEntry } from './entries.ts';
import { createSession } from './session.ts';

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
});

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

  it('takes all stars of a sample off at once and brings them back as they were, with their fits and the selection', async () => {
    const { session, state, runs } = await startedSession();
    await session.openFiles([file('a.fits'), file('b.fits'), file('c.fits')]);
    session.select('b.fits');
    session.fitSelected();
    await vi.waitUntil(() => runs()[2] === 'done');
    session.removeAll();
    expect(state().entries.map(({ key }) => key)).toEqual(['demo star']);
    expect(session.settings.getState().demo).toBe(true);
    session.undo();
    expect(state().entries.map(({ key }) => key)).toEqual(['demo star', 'a.fits', 'b.fits', 'c.fits']);
    expect(state().selected).toBe('b.fits');
    expect(runs()).toEqual(['idle', 'idle', 'done', 'idle']);
  });

  it('a demo star that was removed with all stays away until undo brings it back', async () => {
    const { session, state } = await startedSession();
    session.removeAll();
    expect(state().entries).toEqual([]);
    expect(session.settings.getState().demo).toBe(false);
    session.undo();
    expect(state().entries).toHaveLength(1);
    expect(session.settings.getState().demo).toBe(true);
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
