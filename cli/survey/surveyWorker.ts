/** A process of a survey: opens the model once; then hashes, reads and fits what it is given, one question at a time. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import type { FitService } from '../../src/compute/service.ts';
import { failed, type Result } from '../../src/domain/result.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { fitSetupSchema, type FitSetup } from '../batch/fitSetup.ts';
import { openService } from '../batch/openService.ts';
import { recordFit } from './recordFit.ts';

const questionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hash'), name: z.string(), path: z.string() }),
  z.object({ kind: z.literal('read') }),
  z.object({ kind: z.literal('fit'), index: z.number().int() }),
]);

let setup: FitSetup | null = null;
let service: FitService | null = null;
let file = { name: '', bytes: new Uint8Array() };
let spectra: readonly Spectrum[] = [];
let warnings: readonly string[] = [];

const internal = (error: unknown): ReturnType<typeof failed> =>
  failed(
    'INTERNAL',
    `${file.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    'This is a bug of the program: please report it with the file.',
  );

async function load(path: string): Promise<Result<Uint8Array<ArrayBuffer>>> {
  try {
    return { ok: true, value: new Uint8Array(await readFile(path)), warnings: [] };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing
      ? failed('FILE_MISSING', `There is no ${path}.`, 'Check the list; the next run tries it again.')
      : failed(
          'FILE_UNREADABLE',
          `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
          'Check its permissions; the next run tries it again.',
        );
  }
}

async function answer(open: FitService, options: FitSetup['options'], message: unknown): Promise<object> {
  const question = questionSchema.parse(message);
  switch (question.kind) {
    case 'hash': {
      spectra = [];
      file = { name: question.name, bytes: new Uint8Array() };
      const bytes = await load(question.path);
      if (!bytes.ok) return { kind: 'failed', failure: bytes.failure };
      file = { name: question.name, bytes: bytes.value };
      return { kind: 'hashed', sha256: createHash('sha256').update(bytes.value).digest('hex') };
    }
    case 'read': {
      const read = await open.read(basename(file.name), file.bytes);
      if (!read.ok) return { kind: 'failed', failure: read.failure };
      ({ value: spectra, warnings } = read);
      return { kind: 'read', count: spectra.length };
    }
    case 'fit': {
      const spectrum = spectra[question.index];
      if (spectrum === undefined) throw new Error(`there is no spectrum ${String(question.index)}`);
      return {
        kind: 'fitted',
        pipelineVelocity: spectrum.survey.pipelineVelocity ?? null,
        ...(await recordFit(open, file.name, spectrum, options, warnings)),
      };
    }
  }
}

// The parent handles Ctrl-C and ends its children; without a parent there is nobody to work for.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  if (setup === null) {
    setup = fitSetupSchema.parse(message);
    void openService(setup.open).then((opened) => {
      if (opened.ok) service = opened.value;
      process.send?.(opened.ok ? { kind: 'ready' } : { kind: 'broken', failure: opened.failure });
    });
    return;
  }
  if (service === null) return;
  void answer(service, setup.options, message)
    .catch((error: unknown) => ({ kind: 'failed', ...internal(error) }))
    .then((reply) => process.send?.(reply));
});
