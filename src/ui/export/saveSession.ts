import { SESSION_SUFFIX } from '../../state/sessionFile.ts';
import type { Session } from '../../state/session.ts';
import { download } from './download.ts';

/** Saves all that is on the page as one file, which opens on any machine by dropping it. */
export function saveSession(session: Session): void {
  session.attempt('Save session', () => {
    const day = new Date().toISOString().slice(0, 10);
    download(`session-${day}${SESSION_SUFFIX}`, new Blob([session.saveSession()], { type: 'application/gzip' }));
  });
}
