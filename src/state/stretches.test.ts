import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { readReplay } from '../results/replay.ts';
import { FakeClient } from '../testing/fakeClient.ts';
import type { Entry } from './entries.ts';
import { exportedRecords, thisRun } from './exports.ts';
import { IDLE } from './fitRun.ts';
import { createSession } from './session.ts';
import { shownStretches, stretchBetween, stretchesChanged, stretchesOf, withStretch } from './stretches.ts';

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
});

const at = (from: number, to: number, frame: 'rest' | 'observed' = 'rest') => ({ from, to, why: 'by hand', frame });

describe('stretches', () => {
  it('run from the shorter wavelength to the longer, whichever way they are dragged; a click is none', () => {
    expect(stretchBetween(6580.04, 6549.97, 'rest')).toEqual(at(6550, 6580));
    expect(stretchBetween(6550, 6550.3, 'rest')).toBeNull();
  });

  it('of one frame that touch become one, in order of wavelength', () => {
    const two = [at(5000, 5010), at(5020, 5030)];
    expect(withStretch(two, at(5008, 5022))).toEqual([at(5000, 5030)]);
    expect(withStretch(two, at(4000, 4010))).toEqual([at(4000, 4010), ...two]);
    expect(withStretch(two, at(5005, 5025, 'observed'))).toHaveLength(3);
  });

  it('lie where their frame has them, on either frame of the plot', async () => {
    const client = new FakeClient();
    const spectrum = await client.star('a.fits', false);
    const outcome = await client.fit(spectrum, DEFAULT_FIT_OPTIONS, () => undefined).result;
    if (!outcome.ok) throw new Error('the fake fit failed');
    const result = { ...outcome.value.result, restWavelength: spectrum.wavelength.map((value) => value / 1.001) };
    const stretches = [at(5000, 5010), at(6000, 6010, 'observed')];
    const idle: Entry = { key: 'a.fits', spectrum, warnings: [], run: IDLE, manual: null, stretches };
    const done: Entry = { ...idle, run: { kind: 'done', ...outcome.value, result } };
    expect(shownStretches(idle, 'rest')[1]).toEqual([6000, 6010]);
    const [rest, observed] = [shownStretches(done, 'rest'), shownStretches(done, 'observed')];
    expect(rest[0]).toEqual([5000, 5010]);
    expect(rest[1]?.[0]).toBeCloseTo(6000 / 1.001, 6);
    expect(observed[0]?.[0]).toBeCloseTo(5005, 6);
    expect(observed[1]).toEqual([6000, 6010]);
    expect(stretchesChanged(done)).toBe(true);
    expect(stretchesChanged({ ...done, stretches: [] })).toBe(false);
  });
});

describe('a session with stretches left out', () => {
  it('fits without them, writes them into the results that are fitted again, and takes every step back', async () => {
    const client = new FakeClient();
    const session = createSession(client);
    const entry = () => session.store.getState().entries[0];
    const shown = () => {
      const now = entry();
      return now === undefined ? [] : stretchesOf(now);
    };
    await vi.waitUntil(() => session.store.getState().engine.kind === 'ready' && entry() !== undefined);
    session.leaveOut(6580, 6550, 'rest');
    session.leaveOut(5000, 5000.1, 'rest');
    session.leaveOut(4500, 4510, 'observed');
    session.moveStretch(0, 4490, 4510);
    const chosen = [at(4490, 4510, 'observed'), at(6550, 6580)];
    expect(shown()).toEqual(chosen);
    session.fitSelected();
    session.takeIn(0);
    expect(shown()).toEqual(chosen);
    await vi.waitUntil(() => entry()?.run.kind === 'done');
    expect(client.asked[0]?.maskedRegions).toEqual(chosen);
    const replay = readReplay(JSON.stringify(exportedRecords(session.store.getState().entries, thisRun())));
    expect(replay.ok && replay.value[0]?.options.maskedRegions).toEqual(chosen);
    session.takeIn(1);
    expect(shown()).toEqual(chosen.slice(0, 1));
    session.leaveOutAll(
      [
        [4853, 4873],
        [6555, 6575],
      ],
      'rest',
    );
    expect(shown()).toHaveLength(3);
    for (const left of [1, 2, 2, 1, 0]) {
      session.undo();
      expect(shown()).toHaveLength(left);
    }
  });
});
