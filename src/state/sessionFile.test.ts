import { beforeEach, describe, expect, it, vi } from 'vitest';
import { gzipSync } from 'fflate';
import { FakeClient } from '../testing/fakeClient.ts';
import { createSession, type NamedFile } from './session.ts';
import { isSessionFile, readSession } from './sessionFile.ts';

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
});

const fileOf = (bytes: Uint8Array, name = 'mine.maury.json.gz'): NamedFile => ({
  name,
  arrayBuffer: () => Promise.resolve(Uint8Array.from(bytes).buffer),
});

async function opened() {
  const session = createSession(new FakeClient());
  await vi.waitUntil(() => session.store.getState().engine.kind === 'ready' && session.store.getState().entries.length === 1);
  return { session, state: session.store.getState };
}

async function fitted() {
  const { session, state } = await opened();
  await session.dropFiles([fileOf(Uint8Array.of(1), 'a.fits')]);
  await vi.waitUntil(() => state().entries[1]?.run.kind === 'done');
  session.settings.getState().setFit({ method: 'mcmc' });
  return { session, state };
}

describe('a session in a file', () => {
  it('opens on another page with spectra, results and settings, beside what is there, and undo takes it back', async () => {
    const first = await fitted();
    const bytes = first.session.saveSession();
    const other = await opened();
    const before = other.state().entries;
    await other.session.dropFiles([fileOf(bytes)]);
    expect(other.state().entries.map(({ key }) => key)).toEqual(['demo star', 'demo star (2)', 'a.fits']);
    const [saved, back] = [first.state().entries[1], other.state().entries[2]];
    expect(back?.spectrum).toEqual(saved?.spectrum);
    expect(back?.run).toEqual(saved?.run);
    expect(other.session.settings.getState().fit.method).toBe('mcmc');
    expect(other.state().notices).toEqual([]);
    other.session.undo();
    expect(other.state().entries).toEqual(before);
    expect(other.session.settings.getState().fit.method).not.toBe('mcmc');
  });
  it('is refused by name where it is cut off, of something else, or of a later version, and nothing that is open goes', async () => {
    const { session, state } = await fitted();
    const bytes = session.saveSession();
    const before = state().entries;
    await session.openFiles([fileOf(bytes.subarray(0, bytes.length >> 1))]);
    expect(state().notices.at(-1)).toMatchObject({ about: 'mine.maury.json.gz', failure: { code: 'SESSION_DAMAGED' } });
    expect(state().entries).toBe(before);
    const text = (value: unknown) => gzipSync(new TextEncoder().encode(JSON.stringify(value)));
    expect(readSession(text({ stars: [] }))).toMatchObject({ failure: { code: 'SESSION_DAMAGED' } });
    expect(readSession(text({ format: 'maury-session', version: 99, software: 'Maury 9', calibrations: [], stars: [] }))).toMatchObject({
      failure: { code: 'SESSION_NEWER' },
    });
  });
  it('opens what can be read and tells of the stars that cannot', () => {
    const value = { format: 'maury-session', version: 1, software: 'Maury 0', calibrations: [], stars: [{ key: 'x', version: 999 }] };
    const read = readSession(new TextEncoder().encode(JSON.stringify(value)));
    expect(read).toMatchObject({
      ok: true,
      value: { stars: [], unread: [expect.stringMatching(/^x \(written by a later version/) as string] },
    });
  });
  it('is known by its name, numbered by a browser or not', () => {
    expect(['s.maury.json.gz', 's.maury (1).json.gz', 's.maury.json', 'calibration.json'].map(isSessionFile)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
