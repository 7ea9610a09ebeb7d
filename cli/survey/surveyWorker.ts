/** A process of a survey: opens the model once; then hashes, reads and fits what it is given, one question at a time. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import type { FitService } from '../../src/compute/service.ts';
import { failed } from '../../src/domain/result.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { fitSetupSchema, type FitSetup } from '../batch/fitSetup.ts';
import { openService } from '../batch/openService.ts';
import { load } from './load.ts';
import { recordFit } from './recordFit.ts';
import { Star } from './star.ts';

const fileSchema = z.object({ name: z.string(), path: z.string() });
const questionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hash'), name: z.string(), path: z.string(), members: z.array(fileSchema).optional() }),
  z.object({ kind: z.literal('read') }),
  z.object({ kind: z.literal('fit'), index: z.number().int() }),
]);

let setup: FitSetup | null = null;
let service: FitService | null = null;
let file = { name: '', bytes: new Uint8Array() };
let spectra: readonly Spectrum[] = [];
let warnings: readonly string[] = [];
/** The star whose visits are being fitted; null where the entry is a file. */
let star: Star | null = null;

const internal = (error: unknown): ReturnType<typeof failed> =>
  failed(
    'INTERNAL',
    `${file.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    'This is a bug of the program: please report it with the file.',
  );

async function answer(open: FitService, options: FitSetup['options'], message: unknown): Promise<object> {
  const question = questionSchema.parse(message);
  switch (question.kind) {
    case 'hash': {
      spectra = [];
      file = { name: question.name, bytes: new Uint8Array() };
      star = question.members === undefined ? null : new Star(question.name, question.members);
      if (star !== null) {
        const hash = await star.hash();
        return hash.ok ? { kind: 'hashed', sha256: hash.value } : { kind: 'failed', failure: hash.failure };
      }
      const bytes = await load(question.path);
      if (!bytes.ok) return { kind: 'failed', failure: bytes.failure };
      file = { name: question.name, bytes: bytes.value };
      return { kind: 'hashed', sha256: createHash('sha256').update(bytes.value).digest('hex') };
    }
    case 'read': {
      if (star !== null) {
        const visits = await star.read(open);
        return visits.ok ? { kind: 'read', count: 1 } : { kind: 'failed', failure: visits.failure };
      }
      const read = await open.read(basename(file.name), file.bytes);
      if (!read.ok) return { kind: 'failed', failure: read.failure };
      ({ value: spectra, warnings } = read);
      return { kind: 'read', count: spectra.length };
    }
    case 'fit': {
      if (star !== null) return { kind: 'fitted', ...(await star.record(open, options)) };
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
