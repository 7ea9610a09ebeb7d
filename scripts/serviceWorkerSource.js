/* global caches, fetch */
/**
 * Keeps the page for use without a network. Files are kept under the hash of their content: a new version of the site fetches what
 * changed and no more. A new version waits until the page says that the person wants it.
 */

/** Path → hash of the content, of every file of the site. */
const FILES = /** @type {Record<string, string>} */ (/** @type {unknown} */ ('THE FILES'));
const worker = /** @type {any} */ (globalThis);
const KEPT = 'maury-files';
/** Lists that whoever serves the site may edit: asked of the network first. */
const LIST = /(^|\/)index\.json$/;
/** What the page names lines by, with any model. */
const LINES = 'models/lines.json';
/** What the page needs to open; models come when they are used. */
const SHELL = Object.keys(FILES).filter((path) => !path.startsWith('models/') || LIST.test(path));

const scope = () => worker.registration.scope;
const keyOf = (/** @type {string} */ path) => `${scope()}${path}?kept=${FILES[path]}`;
const pathOf = (/** @type {string} */ url) => {
  const bare = url.replace(/[?#].*$/, '');
  return bare === scope() ? 'index.html' : bare.startsWith(scope()) ? bare.slice(scope().length) : null;
};

/**
 * One file from the store, or fetched and kept.
 * @param {string} path
 */
async function kept(path) {
  const store = await caches.open(KEPT);
  const found = await store.match(keyOf(path));
  if (found !== undefined) return found;
  const response = await fetch(scope() + path);
  if (response.ok) await store.put(keyOf(path), response.clone());
  return response;
}

/**
 * The network's answer, or where there is none what was kept.
 * @param {string} path
 * @param {Request} request
 */
async function fresh(path, request) {
  const store = await caches.open(KEPT);
  try {
    const response = await fetch(request);
    if (response.ok && FILES[path] !== undefined) await store.put(keyOf(path), response.clone());
    return response;
  } catch (reason) {
    const found = FILES[path] === undefined ? undefined : await store.match(keyOf(path));
    if (found !== undefined) return found;
    throw reason;
  }
}

const keepAll = async (/** @type {string[]} */ paths) => {
  for (const path of paths) await kept(path);
};

worker.addEventListener('install', (/** @type {any} */ event) => {
  event.waitUntil(keepAll(SHELL));
});

worker.addEventListener('activate', (/** @type {any} */ event) => {
  event.waitUntil(
    (async () => {
      const store = await caches.open(KEPT);
      const wanted = new Set(Object.keys(FILES).map(keyOf));
      for (const request of await store.keys()) if (!wanted.has(request.url)) await store.delete(request);
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  if (event.request.method !== 'GET') return;
  const path = pathOf(event.request.url);
  if (path === null || FILES[path] === undefined) return;
  event.respondWith(LIST.test(path) ? fresh(path, event.request) : kept(path));
});

worker.addEventListener('message', (/** @type {any} */ event) => {
  const { data } = event;
  if (data === 'take over') worker.skipWaiting();
  // A model that the page uses, for the next visit.
  else if (typeof data?.model === 'string') {
    const files = Object.keys(FILES).filter(
      (path) => path === LINES || (path.startsWith(`models/${data.model}/`) && !path.includes('/abinitio.')),
    );
    const done = keepAll(files).then(
      () => event.source?.postMessage({ kept: data.model }),
      () => undefined,
    );
    event.waitUntil(done);
  }
});
