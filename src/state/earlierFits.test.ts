import { beforeEach, describe, expect, it, vi } from 'vitest';
import { madeUpCalibration, madeUpFit, madeUpSpectrum } from '../testing/fit.ts';
import { file, startedSession } from '../testing/startedSession.ts';
import { comparedOf } from './comparing.ts';
import { earlierOf, fitTitle, keepEarlier, MOST_EARLIER, withShown } from './earlierFits.ts';
import type { Entry } from './entries.ts';
import { selectedEntry } from './entries.ts';
import { IDLE, type FinishedFit } from './fitRun.ts';
import { entryOf, recordOf } from './keptEntry.ts';

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
});

const spectrum = madeUpSpectrum(20);
const fit = (model: string, method: 'lm' | 'mcmc' = 'lm'): FinishedFit => ({
  kind: 'done',
  result: { ...madeUpFit(spectrum), model, method },
  calibrated: madeUpCalibration(),
  when: '2026-01-02T03:04:05.678Z',
});
const [a, b, c] = [fit('a'), fit('b'), fit('c')];

describe('fits that are kept', () => {
  it('are those that were made otherwise, the newest first', () => {
    expect(keepEarlier([], IDLE, a)).toEqual({ earlier: [], gone: null });
    expect(keepEarlier([a], b, c).earlier).toEqual([b, a]);
    expect(keepEarlier([a], b, fit('b', 'mcmc')).earlier).toEqual([b, a]);
    // The same again takes the place of the one before, wherever that is.
    expect(keepEarlier([a], b, fit('b')).earlier).toEqual([a]);
    expect(keepEarlier([a], b, fit('a')).earlier).toEqual([b]);
  });
  it('are a few, of which the oldest goes', () => {
    const full = Array.from({ length: MOST_EARLIER }, (_, i) => fit(`m${String(i)}`));
    const { earlier, gone } = keepEarlier(full, a, b);
    expect(earlier).toEqual([a, ...full.slice(0, -1)]);
    expect(gone).toBe(full.at(-1));
  });
  it('say by what and when they were made', () => {
    expect(fitTitle(fit('m', 'mcmc'))).toBe('MCMC · m · 2026-01-02 03:04:05 UT');
    const { when, ...undated } = a;
    expect(when).toBeDefined();
    expect(fitTitle(undated)).toBe('LM · a');
  });
  it('change places when another is shown', () => {
    const entry: Entry = { key: 'k', spectrum, warnings: [], run: a, manual: null, earlier: [b, c] };
    const changed = withShown(entry, 1);
    expect(changed.run).toBe(c);
    expect(earlierOf(changed)).toEqual([b, a]);
    expect(withShown(changed, 1)).toEqual(entry);
    expect(withShown(entry, 2)).toBe(entry);
  });
  it('are kept with the star', () => {
    const entry: Entry = { key: 'k', spectrum, warnings: [], run: a, manual: null, earlier: [b, c] };
    const record = recordOf(entry, undefined, { owner: 'tab', rank: 0, model: 'a' });
    expect(entryOf(record, 'k')).toMatchObject({ run: a, earlier: [b, c] });
  });
});

describe('a star that is fitted again', () => {
  it('keeps the fit before, shows either, and is compared with it or with another star', async () => {
    const { session, state } = await startedSession();
    await session.openFiles([file('a.fits'), file('b.fits')]);
    const selected = () => selectedEntry(state());
    const shown = () => (selected()?.run.kind === 'done' ? (selected()?.run as FinishedFit).result.method : null);
    session.fitSelected();
    await vi.waitUntil(() => selected()?.run.kind === 'done');
    session.settings.getState().setFit({ method: 'mcmc' });
    session.fitSelected();
    await vi.waitUntil(() => earlierOf(selected() as Entry).length === 1 && selected()?.run.kind === 'done');
    const [first, second] = [earlierOf(selected() as Entry)[0], selected()?.run];
    session.showFit(0);
    expect(selected()?.run).toBe(first);
    expect(earlierOf(selected() as Entry)).toEqual([second]);
    expect(shown()).not.toBeNull();
    expect(comparedOf(state(), { kind: 'fit', index: 0 })).toMatchObject({ kind: 'fit', run: second });
    expect(comparedOf(state(), { kind: 'fit', index: 1 })).toBeNull();
    // The other star has no result, and one is not compared with itself.
    expect(comparedOf(state(), { kind: 'star', key: 'b.fits' })).toBeNull();
    expect(comparedOf(state(), { kind: 'star', key: 'a.fits' })).toBeNull();
    session.select('b.fits');
    session.fitSelected();
    await vi.waitUntil(() => selected()?.run.kind === 'done');
    expect(comparedOf(state(), { kind: 'star', key: 'a.fits' })).toMatchObject({ kind: 'star', title: 'a.fits', run: first });
  });
});
