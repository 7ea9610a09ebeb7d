/** The table that lines are named by: fetched once, when names are first wanted. */
import type { FitClient } from '../domain/client.ts';
import { failureOf } from './failureOf.ts';
import { notify, type SessionStore } from './store.ts';

export function createLineNaming(client: Pick<FitClient, 'lineTable'>, store: SessionStore) {
  let asked = false;
  return {
    /** Asks for the table of lines, once in a visit; where it is missing the page says so once and names landmarks alone. */
    loadLineTable: (): void => {
      if (asked) return;
      asked = true;
      client
        .lineTable()
        .catch((reason: unknown) => ({ ok: false as const, failure: failureOf(reason) }))
        .then((table) => {
          if (table.ok) store.setState({ lineTable: table.value });
          else notify(store, 'Names of lines', table.failure);
        })
        .catch(() => undefined);
    },
  };
}
