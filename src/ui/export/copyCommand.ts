import type { Entry } from '../../state/entries.ts';
import { repeatCommand } from '../../state/repeatCommand.ts';
import type { Session } from '../../state/session.ts';
import { notify } from '../../state/store.ts';
import { copyText } from './copyText.ts';

/** Copies the line of the terminal that repeats the fit of a spectrum, or says why there is none. */
export function copyCommand(session: Session, entry: Entry): void {
  const command = repeatCommand(entry, session.store.getState());
  if (command.ok) copyText(session, 'Command', command.value);
  else notify(session.store, entry.key, command.failure);
}
