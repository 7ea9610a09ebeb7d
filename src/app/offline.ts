/** The service worker that keeps the page for use without a network (scripts/serviceWorkerSource.js), as the page sees it. */
import type { Session } from '../state/session.ts';

/** A new version is looked for so often, ms, beside each opening of the page. */
const LOOK_EVERY = 3_600_000;

/** Keeps the page and the model in use for the next visit, and offers a new version when there is one. Nothing where the browser cannot. */
export function workOffline(session: Session): void {
  if (!('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  // A first visit has no earlier version to replace.
  let replacing = false;
  serviceWorker.addEventListener('controllerchange', () => {
    if (replacing) location.reload();
  });
  const offer = (waiting: ServiceWorker): void => {
    session.offerUpdate(() => {
      replacing = true;
      waiting.postMessage('take over');
    });
  };
  const register = async (): Promise<void> => {
    const registration = await serviceWorker.register(new URL('sw.js', document.baseURI), { updateViaCache: 'none' });
    if (registration.waiting !== null && serviceWorker.controller !== null) offer(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const coming = registration.installing;
      coming?.addEventListener('statechange', () => {
        if (coming.state === 'installed' && serviceWorker.controller !== null) offer(coming);
      });
    });
    setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY);
  };
  const keepModel = async (model: string): Promise<void> => {
    const { active } = await serviceWorker.ready;
    active?.postMessage({ model });
  };
  let keeping: string | null = null;
  const follow = (): void => {
    const { engine } = session.store.getState();
    if (engine.kind !== 'ready' || engine.engine.info.id === keeping) return;
    // The model comes first: what is kept for later must not slow the first minute.
    if (keeping === null) void register().catch(() => undefined);
    keeping = engine.engine.info.id;
    void keepModel(keeping).catch(() => undefined);
  };
  session.store.subscribe(follow);
  follow();
}
