/** A page's session for tests, with nothing behind it but the fake client. */
import { vi } from 'vitest';
import { createSession } from '../state/session.ts';
import type { NamedFile } from '../state/session.ts';
import { FakeClient } from './fakeClient.ts';

/** A file of so many bytes, all zero. */
export const file = (name: string, bytes = 1): NamedFile => ({ name, arrayBuffer: () => Promise.resolve(new ArrayBuffer(bytes)) });

/** A session over the fake client, once its model is open and its demo star is there. */
export async function startedSession() {
  const client = new FakeClient();
  const session = createSession(client);
  const state = session.store.getState;
  await vi.waitUntil(() => state().engine.kind === 'ready' && state().entries.length === 1 && state().jacobian !== null);
  const runs = () => state().entries.map(({ run }) => run.kind);
  return { client, session, state, runs };
}
