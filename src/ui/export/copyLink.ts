import type { Session } from '../../state/session.ts';
import { viewFragment } from '../../state/viewLinks.ts';
import { copyText } from './copyText.ts';

/** Copies a link to what is on show; nothing where no star is on the page. It names a file and holds no spectrum. */
export function copyLink(session: Session): void {
  const fragment = viewFragment(session.store.getState(), session.settings.getState());
  if (fragment === null) return;
  const { origin, pathname } = globalThis.location;
  copyText(session, 'Link', `${origin}${pathname}#${fragment}`);
}
