import { useEffect } from 'react';
import { useSession } from '../session.tsx';

/**
 * Shows the view that the address names, when the page opens and whenever the address changes. The fragment is then taken off: it tells what was shown, and
 * a reload would go back to it.
 */
export function useViewLink(): void {
  const session = useSession();
  useEffect(() => {
    const follow = (): void => {
      const { hash, pathname, search } = globalThis.location;
      if (!session.isLink(hash)) return;
      globalThis.history.replaceState(null, '', pathname + search);
      session.attempt('Link', () => session.openLink(hash));
    };
    follow();
    globalThis.addEventListener('hashchange', follow);
    return () => {
      globalThis.removeEventListener('hashchange', follow);
    };
  }, [session]);
}
