import { describe, expect, it } from 'vitest';

import { createTinyBundle, createTinyMlp } from '../../testing/tinyBundle.ts';
import { loadBundle } from './bundle.ts';
import type { FetchBytes, ModelBundle } from './bundle.ts';
import { decodeHalf } from './half.ts';
import { tensorBytes } from './manifest.ts';

interface Files {
  manifest: Record<string, unknown>;
  weights: Uint8Array<ArrayBuffer>;
}

/** A bundle as the two files that training/export.py writes. */
async function filesOf(bundle: ModelBundle): Promise<Files> {
  const weights = new Uint8Array(bundle.manifest.weights.bytes);
  for (const entry of bundle.manifest.tensors) {
    const tensor = bundle.tensors.get(entry.name) as Float32Array<ArrayBuffer>;
    weights.set(new Uint8Array(tensor.buffer, tensor.byteOffset, tensorBytes(entry)), entry.offset);
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', weights));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { manifest: { ...bundle.manifest, weights: { ...bundle.manifest.weights, sha256 } }, weights };
}

const serve =
  (files: Files): FetchBytes =>
  (path) => {
    if (path === 'manifest.json') return Promise.resolve(new TextEncoder().encode(JSON.stringify(files.manifest)));
    return path === 'weights.bin' ? Promise.resolve(files.weights) : Promise.reject(new Error(`no ${path}`));
  };

const bundle = createTinyBundle(3, { patches: 4, patchSize: 20 });

async function failureOf(change: (files: Files) => void): Promise<{ code: string; message: string }> {
  const files = await filesOf(bundle);
  change(files);
  const result = await loadBundle(serve(files));
  if (result.ok) throw new Error('the broken bundle was accepted');
  return result.failure;
}

describe('loadBundle', () => {
  it('reads back what was written, tensor by tensor', async () => {
    const result = await loadBundle(serve(await filesOf(bundle)));
    if (!result.ok) throw new Error(result.failure.message);
    expect(result.warnings).toEqual([]);
    expect([...result.value.tensors.keys()].sort()).toEqual([...bundle.tensors.keys()].sort());
    for (const [name, tensor] of bundle.tensors) expect(result.value.tensors.get(name)).toEqual(tensor);
  });

  it('reads a perceptron as it reads a transformer, and names a kind that it does not know', async () => {
    const files = await filesOf(createTinyMlp(4, { patches: 4, patchSize: 20 }));
    const result = await loadBundle(serve(files));
    if (!result.ok) throw new Error(result.failure.message);
    expect(result.value.manifest.architecture).toMatchObject({ name: 'mlp', layers: 2, activation: 'silu' });
    files.manifest['architecture'] = { ...result.value.manifest.architecture, name: 'convolution' };
    const unknown = await loadBundle(serve(files));
    expect(unknown).toMatchObject({ ok: false, failure: { code: 'MODEL_FORMAT_UNKNOWN' } });
    expect(unknown.ok ? '' : unknown.failure.message).toContain('"convolution"');
  });

  it('names a wrong checksum', async () => {
    const failure = await failureOf(({ weights }) => {
      weights[100] = (weights[100] ?? 0) ^ 1;
    });
    expect(failure.code).toBe('MODEL_CHECKSUM');
  });

  it('names truncated weights, with both lengths', async () => {
    const failure = await failureOf((files) => {
      files.weights = files.weights.slice(0, 1000);
    });
    expect(failure.code).toBe('MODEL_WEIGHTS_TRUNCATED');
    expect(failure.message).toContain('1000');
    expect(failure.message).toContain(String(bundle.manifest.weights.bytes));
  });

  it('names an unknown format or version', async () => {
    const failure = await failureOf(({ manifest }) => {
      manifest['formatVersion'] = 2;
    });
    expect(failure.code).toBe('MODEL_FORMAT_UNKNOWN');
    expect(failure.message).toContain('version 2');
  });

  it('names the field of a manifest that is wrong', async () => {
    const failure = await failureOf(({ manifest }) => {
      manifest['resolvingPower'] = 'high';
    });
    expect(failure.code).toBe('MODEL_MANIFEST_INVALID');
    expect(failure.message).toContain('resolvingPower');
  });

  it('names a tensor that the architecture needs and the table lacks', async () => {
    const failure = await failureOf(({ manifest }) => {
      manifest['tensors'] = bundle.manifest.tensors.filter((entry) => entry.name !== 'layer0.up.w');
    });
    expect(failure.code).toBe('MODEL_MANIFEST_INCONSISTENT');
    expect(failure.message).toContain('layer0.up.w');
  });

  it('names a tensor of the wrong shape', async () => {
    const failure = await failureOf(({ manifest }) => {
      manifest['tensors'] = bundle.manifest.tensors.map((entry) => (entry.name === 'mean' ? { ...entry, shape: [5, 20] } : entry));
    });
    expect(failure.code).toBe('MODEL_MANIFEST_INCONSISTENT');
    expect(failure.message).toContain('5×20');
  });

  it('says which file could not be read, and what is not JSON', async () => {
    const missing = await loadBundle(() => Promise.reject(new Error('404 Not Found')));
    expect(missing).toMatchObject({ ok: false, failure: { code: 'MODEL_UNREADABLE', message: expect.stringContaining('404') as string } });
    const page = await loadBundle(() => Promise.resolve(new TextEncoder().encode('<!doctype html>')));
    expect(page).toMatchObject({ ok: false, failure: { code: 'MODEL_MANIFEST_NOT_JSON' } });
  });
});

describe('decodeHalf', () => {
  it('reads the values of IEEE 754 binary16', () => {
    const cases: [number, number][] = [
      [0x3c00, 1],
      [0xc000, -2],
      [0x3555, 0.333251953125],
      [0x7bff, 65504],
      [0x0400, 2 ** -14],
      [0x0001, 2 ** -24],
      [0x7c00, Infinity],
      [0x8000, -0],
    ];
    expect([...decodeHalf(Uint16Array.from(cases, ([bits]) => bits))]).toEqual(cases.map(([, value]) => value));
    expect(decodeHalf(Uint16Array.of(0x7e00))[0]).toBeNaN();
  });
});
