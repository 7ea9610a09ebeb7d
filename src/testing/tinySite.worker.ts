/** The page's worker on a site that exists only in memory: two models with random weights, one of each kind. For tests in a browser. */
import { expose } from 'comlink';
import { createWorkerApi } from '../compute/workerApi.ts';
import type { ModelBundle } from '../emulator/bundle/bundle.ts';
import { createTinyBundle, createTinyMlp } from './tinyBundle.ts';

async function tinySite(): Promise<Readonly<Record<string, BodyInit>>> {
  const bundles = [createTinyBundle(3), createTinyMlp(4)];
  const index = bundles.map(({ manifest: { id, title } }) => ({ id, title }));
  // Listed, and not there.
  const listed = [...index, { id: 'missing', title: 'Missing' }];
  return Object.assign({ 'models/index.json': JSON.stringify(listed) }, ...(await Promise.all(bundles.map(bundleFiles)))) as Record<
    string,
    BodyInit
  >;
}

async function bundleFiles(bundle: ModelBundle): Promise<Readonly<Record<string, BodyInit>>> {
  const { id } = bundle.manifest;
  const weights = await new Blob(
    bundle.manifest.tensors.map(({ name }) => (bundle.tensors.get(name) ?? new Float32Array()).slice()),
  ).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', weights));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const manifest = { ...bundle.manifest, weights: { file: 'weights.bin', bytes: weights.byteLength, sha256 } };
  return {
    [`models/${id}/manifest.json`]: JSON.stringify(manifest),
    [`models/${id}/weights.bin`]: weights,
  };
}

const files = tinySite();
const network = globalThis.fetch.bind(globalThis);
globalThis.fetch = async (input, init) => {
  const url = input instanceof Request ? input.url : String(input);
  const path = url.split('/tiny-site/')[1];
  if (path === undefined) return network(input, init);
  const body = (await files)[path];
  return body === undefined ? new Response(null, { status: 404, statusText: 'Not Found' }) : new Response(body);
};

// Without a top-level await before it: messages that come earlier would be lost.
expose(createWorkerApi());
