import { beforeEach, describe, expect, it, vi } from 'vitest';
import { startedSession } from '../testing/startedSession.ts';
import { selectedEntry } from './entries.ts';

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
});

describe('stars to try, and exercises', () => {
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
});
