import { failed, success } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import { sha256 } from '../../math/sha256.ts';
import { decodeHalf } from './half.ts';
import { parseManifest, tensorBytes } from './manifest.ts';
import type { Manifest } from './manifest.ts';

/** A model as loaded: its manifest, and its tensors by name as float32. */
export interface ModelBundle {
  readonly manifest: Manifest;
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

/** Gives the bytes of a file of the bundle, by its name in the bundle's folder; rejects when it cannot. */
export type FetchBytes = (path: string) => Promise<Uint8Array>;

const AGAIN = 'Reload the page, or download the model again.';

/**
 * Reads `manifest.json` and the weights it names, and checks length and SHA-256. Failures: those of `parseManifest`, and
 * MODEL_UNREADABLE, MODEL_MANIFEST_NOT_JSON, MODEL_WEIGHTS_TRUNCATED, MODEL_CHECKSUM.
 */
export async function loadBundle(fetchBytes: FetchBytes): Promise<Result<ModelBundle>> {
  const text = await bytesOf(fetchBytes, 'manifest.json');
  if (!text.ok) return text;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(text.value));
  } catch (error) {
    return failed('MODEL_MANIFEST_NOT_JSON', `The model's manifest.json is not JSON (${String(error)}).`, AGAIN);
  }
  const manifest = parseManifest(json);
  if (!manifest.ok) return manifest;
  const { weights } = manifest.value;
  const bytes = await bytesOf(fetchBytes, weights.file);
  if (!bytes.ok) return bytes;
  if (bytes.value.byteLength !== weights.bytes) {
    const found = `${String(bytes.value.byteLength)} bytes; the manifest says ${String(weights.bytes)}`;
    return failed('MODEL_WEIGHTS_TRUNCATED', `The model's weights have ${found}.`, AGAIN);
  }
  const warnings: string[] = [];
  const sum = await sha256(bytes.value);
  if (sum === null) warnings.push('The checksum of the model could not be verified: this page is not in a secure context.');
  else if (sum !== weights.sha256)
    return failed('MODEL_CHECKSUM', `The model's weights have SHA-256 ${sum}; the manifest says ${weights.sha256}.`, AGAIN);
  return success({ manifest: manifest.value, tensors: decodeTensors(bytes.value, manifest.value) }, warnings);
}

async function bytesOf(fetchBytes: FetchBytes, path: string): Promise<Result<Uint8Array>> {
  try {
    return success(await fetchBytes(path));
  } catch (error) {
    return failed('MODEL_UNREADABLE', `The model's ${path} could not be read: ${String(error)}.`, AGAIN);
  }
}

function decodeTensors(bytes: Uint8Array, manifest: Manifest): Map<string, Float32Array> {
  const tensors = new Map<string, Float32Array>();
  for (const entry of manifest.tensors) {
    const buffer = bytes.slice(entry.offset, entry.offset + tensorBytes(entry)).buffer;
    // Little-endian in the file, as on every machine that runs a browser or Node.
    tensors.set(entry.name, entry.dtype === 'float16' ? decodeHalf(new Uint16Array(buffer)) : new Float32Array(buffer));
  }
  return tensors;
}

/** A tensor by name. The manifest was checked, so its absence is our own bug. */
export function tensorOf(bundle: ModelBundle, name: string): Float32Array {
  const tensor = bundle.tensors.get(name);
  if (tensor === undefined) throw new Error(`bundle ${bundle.manifest.id} has no tensor ${name}`);
  return tensor;
}
