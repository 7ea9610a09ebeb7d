import { beforeEach, describe, expect, it, vi } from 'vitest';
import { startedSession } from '../testing/startedSession.ts';
import { selectedEntry } from './entries.ts';

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
});

describe('labels moved by hand', () => {
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
});
