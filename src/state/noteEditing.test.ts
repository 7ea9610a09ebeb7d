import { beforeEach, expect, it, vi } from 'vitest';
import Papa from 'papaparse';
import { resultsCsv } from '../results/csv.ts';
import { resultsVotable } from '../results/votable.ts';
import { FakeClient } from '../testing/fakeClient.ts';
import { noteOf } from './entries.ts';
import { exportedRecords, thisRun } from './exports.ts';
import { createSession, type NamedFile } from './session.ts';

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
});

const file = (name: string, bytes = Uint8Array.of(1)): NamedFile => ({
  name,
  arrayBuffer: () => Promise.resolve(Uint8Array.from(bytes).buffer),
});

async function opened(...names: readonly string[]) {
  const session = createSession(new FakeClient());
  const state = session.store.getState;
  await vi.waitUntil(() => state().engine.kind === 'ready' && state().entries.length === 1);
  await session.dropFiles(names.map((name) => file(name)));
  await vi.waitUntil(() =>
    state()
      .entries.slice(1)
      .every(({ run }) => run.kind === 'done'),
  );
  const note = (key: string) => noteOf(state().entries.find((entry) => entry.key === key) ?? {});
  return { session, state, note };
}

it('a star is judged and commented, a second press takes the verdict back, and so does undo', async () => {
  const { session, note } = await opened('a.fits', 'b.fits');
  session.select('a.fits');
  session.judge('bad');
  session.comment('b.fits', '  broad\n lines ');
  expect(note('a.fits')).toEqual({ verdict: 'bad', comment: '' });
  expect(note('b.fits')).toEqual({ verdict: null, comment: 'broad lines' });
  session.judge('good');
  session.judge('good');
  expect(note('a.fits').verdict).toBeNull();
  // What is the same as before is no step.
  session.comment('b.fits', 'broad lines');
  for (const before of ['good', 'bad'] as const) {
    session.undo();
    expect(note('a.fits').verdict).toBe(before);
  }
  session.undo();
  expect(note('b.fits').comment).toBe('');
  session.undo();
  expect(note('a.fits').verdict).toBeNull();
});

it('notes are in results of every form, also of stars that failed, and in the file of a session', async () => {
  const { session, state } = await opened('a.fits', 'b.fits', 'c.fits');
  session.select('a.fits');
  session.judge('unsure');
  session.comment('a.fits', 'a <spike>, "here"');
  session.select('b.fits');
  session.judge('bad');
  const entries = state().entries.map((entry) =>
    entry.key === 'b.fits' ? { ...entry, run: { kind: 'failed', failure: { code: 'NO_PIXELS', message: 'None.' } } as const } : entry,
  );
  const records = exportedRecords(entries, thisRun());
  expect(records.map(({ note, comment }) => [note, comment])).toEqual([
    ['unsure', 'a <spike>, "here"'],
    ['bad', undefined],
    [undefined, undefined],
  ]);
  const table = resultsCsv(records, thisRun()).split('\n').slice(2).join('\n');
  const rows = Papa.parse<Record<string, string>>(table, { header: true, skipEmptyLines: true }).data;
  expect(rows.map(({ note, comment }) => [note, comment])).toEqual([
    ['unsure', 'a <spike>, "here"'],
    ['bad', ''],
    ['', ''],
  ]);
  const votable = resultsVotable(records, thisRun());
  expect(votable).toMatch(/<FIELD[^>]*name="note"[^>]*ucd="meta.code.qual"/);
  expect(votable).toMatch(/<FIELD[^>]*name="comment"[^>]*ucd="meta.note"/);
  // Without notes there are no such columns.
  expect(resultsCsv(records.slice(2), thisRun())).not.toMatch(/,comment,/);

  const other = await opened();
  await other.session.dropFiles([file('mine.maury.json.gz', session.saveSession())]);
  expect(other.note('a.fits')).toEqual({ verdict: 'unsure', comment: 'a <spike>, "here"' });
});
