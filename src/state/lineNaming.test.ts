import { beforeEach, expect, it, vi } from 'vitest';
import { failed } from '../domain/result.ts';
import { startedSession } from '../testing/startedSession.ts';

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
});

it('the table of lines is asked for once, when it is wanted', async () => {
  const { client, session, state } = await startedSession();
  const asked = vi.spyOn(client, 'lineTable');
  expect(state().lineTable).toBeNull();
  session.loadLineTable();
  session.loadLineTable();
  await vi.waitUntil(() => state().lineTable !== null);
  expect(asked).toHaveBeenCalledOnce();
  expect(state().lineTable).toBe(client.lines);
});

it('a site without the table says so once and goes on', async () => {
  const { client, session, state } = await startedSession();
  vi.spyOn(client, 'lineTable').mockResolvedValue(failed('ASSET_MISSING', 'models/lines.json answered 404.'));
  session.loadLineTable();
  await vi.waitUntil(() => state().notices.length > 0);
  session.loadLineTable();
  expect(state().notices).toMatchObject([{ about: 'Names of lines' }]);
  expect(state().lineTable).toBeNull();
});
