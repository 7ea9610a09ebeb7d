import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelBundle } from '../emulator/bundle/bundle.ts';

/** A site with one model bundle in a new temporary folder, laid out as `public/`. For tests in Node. */
export function writeSite(bundle: ModelBundle): string {
  const site = mkdtempSync(join(tmpdir(), 'maury-site-'));
  const folder = join(site, 'models', bundle.manifest.id);
  mkdirSync(folder, { recursive: true });
  const weights = Buffer.concat(
    bundle.manifest.tensors.map(({ name }) => Buffer.from((bundle.tensors.get(name) ?? new Float32Array()).slice().buffer)),
  );
  const manifest = {
    ...bundle.manifest,
    weights: { file: 'weights.bin', bytes: weights.length, sha256: createHash('sha256').update(weights).digest('hex') },
  };
  writeFileSync(join(folder, 'weights.bin'), weights);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(site, 'models', 'index.json'), JSON.stringify([{ id: manifest.id, title: manifest.title }]));
  return site;
}
