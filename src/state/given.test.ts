import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { GivenLabels } from '../domain/fitOptions.ts';
import { resultsCsv } from '../results/csv.ts';
import { readReplay } from '../results/replay.ts';
import { parameterRows } from '../results/rows.ts';
import { verdictOf } from '../results/verdict.ts';
import { FakeClient } from '../testing/fakeClient.ts';
import { exportedRecords, thisRun } from './exports.ts';
import { choiceOf, givenChanged, givenFailure, givenOf, startOf, valueAndSigma, withGiven } from './given.ts';
import { changedSinceFit, ownChanges } from './ownSettings.ts';
import { createSession } from './session.ts';

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
});

const client = new FakeClient();
const engine = { info: client.emulator.info };

describe('labels that are given', () => {
  it('are a value with its σ, or held where there is no σ', () => {
    expect(choiceOf(4.42, 0.02)).toEqual({ mean: 4.42, sigma: 0.02 });
    expect(choiceOf(4.42, null)).toEqual({ fixed: 4.42 });
    for (const sigma of [0.02, null]) expect(valueAndSigma(choiceOf(4.42, sigma))).toEqual({ value: 4.42, sigma });
    expect(withGiven({ logg: { fixed: 4 } }, 'teff', { fixed: 5000 })).toEqual({ logg: { fixed: 4 }, teff: { fixed: 5000 } });
    expect(withGiven({ logg: { fixed: 4 } }, 'logg', null)).toEqual({});
  });

  it('begin at the value on show, rounded as it is printed and within the range of the model', () => {
    expect(startOf(engine, 'logg', 4.2345, 2)).toEqual({ fixed: 4.23 });
    expect(startOf(engine, 'teff', 1e5, 0)).toEqual({ fixed: 7200 });
  });

  it('are refused by name outside the range of the model', () => {
    expect(givenFailure(engine, { teff: { fixed: 5000 } })).toBeNull();
    expect(givenFailure(engine, { teff: { mean: 20_000, sigma: 100 } })).toMatchObject({
      code: 'BAD_PRIOR',
      message: expect.stringContaining('T_eff at 20000 K') as string,
    });
  });
});

const file = (name: string) => ({ name, arrayBuffer: () => Promise.resolve(new ArrayBuffer(1)) });

describe('a session with labels given', () => {
  it('fits with them, tells of them wherever the result is told, and takes every step back', async () => {
    const own = new FakeClient();
    const session = createSession(own);
    const entries = () => session.store.getState().entries;
    const given = (): GivenLabels => givenOf(entries().find(({ key }) => key === 'a.fits') ?? {});
    await vi.waitUntil(() => session.store.getState().engine.kind === 'ready' && entries().length > 0);
    await session.openFiles([file('a.fits'), file('b.fits')]);
    session.select('a.fits');
    session.give('logg', { mean: 4.42, sigma: 0.02 });
    session.give('vmic', { fixed: 1.2 });
    session.give('Mg', { fixed: -0.1 });
    const chosen = { logg: { mean: 4.42, sigma: 0.02 }, vmic: { fixed: 1.2 }, Mg: { fixed: -0.1 } };
    expect(given()).toEqual(chosen);

    session.fitSelected();
    session.give('vmic', null);
    expect(given(), 'locked under way').toEqual(chosen);
    const run = () => entries().find(({ key }) => key === 'a.fits')?.run;
    await vi.waitUntil(() => run()?.kind === 'done');
    expect(own.asked[0]?.priors).toEqual(chosen);
    const done = run();
    if (done?.kind !== 'done') throw new Error('not done');
    const rows = parameterRows(done.result, done.calibrated);
    expect(rows.map((row) => row.given)).toEqual([null, 'given 4.42 ± 0.02', 'fixed at 1.20', null]);
    expect(verdictOf(done.result, done.calibrated).text).toContain('log g given 4.42 ± 0.02, v_mic fixed at 1.20, [Mg/Fe] fixed at −0.10;');
    const records = exportedRecords(entries(), thisRun());
    const [record] = records;
    expect(record).toMatchObject({
      labels: { logg: { given: 'given 4.42 ± 0.02' }, Mg: { given: 'fixed at −0.10' } },
      abundances: { Mg: { given: '[Mg/Fe] fixed at −0.10' } },
    });
    const [, , header = '', row = ''] = resultsCsv(records.slice(0, 1), thisRun()).split('\n');
    expect(row.split(',')[header.split(',').indexOf('logg_given')]).toBe('given 4.42 ± 0.02');
    const replay = readReplay(JSON.stringify(records));
    expect(replay.ok && replay.value[0]?.options.priors).toEqual(chosen);

    const changed = () => entries().map((entry) => givenChanged(entry));
    expect(changed()).not.toContain(true);
    session.give('logg', null);
    expect(changed()).toEqual(entries().map(({ key }) => key === 'a.fits'));
    session.giveAll();
    expect(entries().every((entry) => JSON.stringify(givenOf(entry)) === JSON.stringify(given()))).toBe(true);
    session.undo();
    expect(givenOf(entries().find(({ key }) => key === 'b.fits') ?? {})).toEqual({});
    session.undo();
    expect(given()).toEqual(chosen);
    session.leaveOut(5000, 5010, 'rest');
    const now = () => entries().filter(({ key }) => key === 'a.fits');
    expect(now().map(ownChanges)).toEqual([['1 mask', '3 known labels']]);
    expect(now().map(changedSinceFit)).toEqual([['masks']]);
    session.resetOwn();
    expect(now().map(ownChanges)).toEqual([[]]);
    expect(now().map(changedSinceFit)).toEqual([['known labels']]);
    session.undo();
    expect(now().map(ownChanges)).toEqual([['1 mask', '3 known labels']]);
    session.undo();
    for (const left of [2, 1, 0]) {
      session.undo();
      expect(Object.keys(given())).toHaveLength(left);
    }
  });
});
