import { tinykeys } from 'tinykeys';
import type { Session } from '../state/session.ts';
import { copyLink } from '../ui/export/copyLink.ts';
import { nextTheme } from '../ui/topbar/theme.ts';

const TAKES_KEYS = 'input, select, textarea, [role="slider"], [role="dialog"], [role="menu"], [contenteditable]';

/** Keys of the page; what is being typed into, slid or chosen from keeps its own. Returns how to stop listening. */
export function listenForShortcuts(session: Session, toggleHelp: () => void): () => void {
  const unlessBusy =
    (act: () => void) =>
    (event: KeyboardEvent): void => {
      if (event.target instanceof Element && event.target.closest(TAKES_KEYS) !== null) return;
      event.preventDefault();
      act();
    };
  return tinykeys(window, {
    f: unlessBusy(session.fitSelected),
    p: unlessBusy(session.togglePause),
    s: unlessBusy(session.toggleSample),
    g: unlessBusy(() => {
      session.judge('good');
    }),
    b: unlessBusy(() => {
      session.judge('bad');
    }),
    u: unlessBusy(() => {
      session.judge('unsure');
    }),
    l: unlessBusy(() => {
      copyLink(session);
    }),
    Escape: unlessBusy(session.cancelSelected),
    ArrowUp: unlessBusy(() => {
      session.step(-1);
    }),
    ArrowDown: unlessBusy(() => {
      session.step(1);
    }),
    t: unlessBusy(() => {
      const { theme, setTheme } = session.settings.getState();
      setTheme(nextTheme(theme));
    }),
    'Shift+?': unlessBusy(toggleHelp),
    '$mod+z': (event) => {
      // Text being typed has its own undo; a slider under the hand does not.
      if (event.target instanceof HTMLInputElement && event.target.type !== 'range') return;
      event.preventDefault();
      session.undo();
    },
  });
}
