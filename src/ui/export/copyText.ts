import type { Session } from '../../state/session.ts';
import { notify } from '../../state/store.ts';

/** Puts a text on the clipboard and says so; where the browser refuses, the text is shown, to be copied by hand. */
export function copyText(session: Session, what: string, text: string): void {
  session.attempt(what, async () => {
    try {
      await navigator.clipboard.writeText(text);
      session.tell(`${what} copied`);
    } catch {
      notify(session.store, what, {
        code: 'CLIPBOARD_REFUSED',
        message: 'The browser does not let this page write to the clipboard. This is the text:',
        hint: text,
      });
    }
  });
}
