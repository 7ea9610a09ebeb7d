import { beforeEach, expect, it, vi } from 'vitest';
import { startedSession } from '../testing/startedSession.ts';
import type { NamedFile } from './session.ts';

const stored = new Map<string, string>();
beforeEach(() => {
  stored.clear();
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
});

const text = (name: string, content: string): NamedFile => ({
  name,
  arrayBuffer: () => Promise.resolve(new TextEncoder().encode(content).buffer),
});

it('a dropped list is marked, outlives a reload, is removed and brought back', async () => {
  const { session, state } = await startedSession();
  await session.dropFiles([text('lines.csv', 'wavelength_vac,name\n5185.05,Mg I\n')]);
  expect(state().ownLines).toEqual({ name: 'lines.csv', lines: [{ wavelength: 5185.05, name: 'Mg I' }] });
  expect(state().entries).toHaveLength(1);
  expect((await startedSession()).state().ownLines?.name).toBe('lines.csv');
  session.removeOwnLines();
  expect(state().ownLines).toBeNull();
  expect((await startedSession()).state().ownLines).toBeNull();
  session.undo();
  expect(state().ownLines?.lines).toHaveLength(1);
});

it('a text of two columns of numbers stays a spectrum; by the button it is refused by name', async () => {
  const { session, state } = await startedSession();
  const spectrum = text('star.csv', '5000,1\n5001,0.9\n');
  await session.dropFiles([spectrum]);
  expect(state().ownLines).toBeNull();
  expect(state().entries.length + state().notices.length).toBeGreaterThan(1);
  await session.openOwnLines(spectrum);
  expect(state().notices.at(-1)).toMatchObject({ about: 'star.csv', failure: { code: 'LINE_LIST_NO_NAMES' } });
});
