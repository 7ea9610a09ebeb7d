/** `npm run validate -- emulator`: the way from tables to a bundle in small, and that what comes out is the same network here as in PyTorch. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { loadBundle } from '../../src/emulator/bundle/bundle.ts';
import { createEmulator } from '../../src/emulator/createEmulator.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { EXIT, numberOption, openCommand, refuse } from '../../cli/commands/args.ts';
import { cachePath } from '../../cli/files/sharedFolder.ts';
import { firstStars, presetFolder } from './firstStars.ts';
import { pythonTorch, runTraining } from './pythonTorch.ts';

const HELP = `npm run validate -- emulator [options]: from tables to a model bundle, in small

  --stars N    training spectra (default 50): the first of "maury trainingset --set train", made if they are not there
  --epochs N   passes over them (default 2)

Makes the stars and a few held-out ones, prepares, trains, exports and evaluates (training/smallrun.py), and holds the bundle's flux on each
backend here to PyTorch's. Everything is kept in .cache/validate by stars, epochs, spectra and training code, so that it resumes. Ends with
an error when the loss of flux or derivatives did not fall, or a backend is off by more than 1e-4. It says nothing about how good an emulator
can be: two epochs make none.
`;

const TRAINING = join(import.meta.dirname, '../../training');
const HELD_OUT = 8;
/** Largest difference of normalised flux. */
const TOLERANCE = 1e-4;

const losses = z.object({ flux: z.number(), derivative: z.number() });
const summarySchema = z.object({ before: losses, after: losses });
const truthSchema = z.object({ labels: z.array(z.number()), flux: z.array(z.number()) });

/** Names the run: by its code, spectra and size. */
function runName(folders: readonly string[], stars: number, epochs: number): string {
  const hash = createHash('sha256').update(JSON.stringify([folders.map((folder) => basename(folder)), stars, epochs]));
  for (const file of readdirSync(TRAINING).sort())
    if (file.endsWith('.py') && !file.startsWith('test_')) hash.update(file).update(readFileSync(join(TRAINING, file)));
  return `emulator-${hash.digest('hex').slice(0, 12)}`;
}

/** Largest difference between flux here and PyTorch's, by backend. Failures: those of `loadBundle`. */
async function differences(folder: string): Promise<Result<readonly (readonly [string, number])[]>> {
  const bundle = await loadBundle(async (path) => new Uint8Array(await readFile(join(folder, path))));
  if (!bundle.ok) return bundle;
  const truth = truthSchema.parse(JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')));
  const found: [string, number][] = [];
  for (const backend of ['reference', 'wasm'] as const) {
    const emulator = await createEmulator(bundle.value, { backend });
    const [flux] = await emulator.predict([Float64Array.from(truth.labels)]);
    const same = emulator.backend.name === backend && flux?.length === truth.flux.length;
    found.push([backend, same ? truth.flux.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (flux[i] ?? NaN))), 0) : NaN]);
    emulator.dispose();
  }
  return success(found);
}

/** Makes, trains and compares; prints as it goes. Failures name what went wrong. */
async function smallRun(stars: number, epochs: number): Promise<Result<null>> {
  const torch = pythonTorch();
  if (!torch.ok) return torch;
  process.stdout.write(`${torch.value}\n`);
  const [train, heldOut] = [presetFolder('train'), presetFolder('heldout')];
  if (!train.ok) return train;
  if (!heldOut.ok) return heldOut;
  const out = cachePath('validate', runName([train.value, heldOut.value], stars, epochs));
  const started = performance.now();
  const spectra = await firstStars('train', train.value, stars, join(out, 'train'));
  if (!spectra.ok) return spectra;
  const others = await firstStars('heldout', heldOut.value, HELD_OUT, join(out, 'heldout'));
  if (!others.ok) return others;
  process.stdout.write(`${String(stars)} + ${String(HELD_OUT)} stars: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  const script = join(TRAINING, 'smallrun.py');
  const trained = await runTraining(script, [spectra.value, others.value, out, '--stars', String(stars), '--epochs', String(epochs)]);
  if (!trained.ok) return trained;
  const { before, after } = summarySchema.parse(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')));
  if (!(after.flux < before.flux && after.derivative < before.derivative))
    return failed('LOSS_DID_NOT_FALL', `Training changed the loss from ${JSON.stringify(before)} to ${JSON.stringify(after)}.`);
  const compared = await differences(join(out, 'bundle'));
  if (!compared.ok) return compared;
  for (const [backend, difference] of compared.value)
    process.stdout.write(`${backend}: flux as PyTorch's to ${difference.toExponential(1)}\n`);
  const wrong = compared.value.filter(([, difference]) => !(difference <= TOLERANCE)).map(([backend]) => backend);
  if (wrong.length > 0)
    return failed('BACKEND_DISAGREES', `${wrong.join(', ')}: flux is not PyTorch's to ${String(TOLERANCE)}, or the backend does not run.`);
  process.stdout.write(`from tables to a bundle that agrees: ${((performance.now() - started) / 1000).toFixed(1)} s, in ${out}\n`);
  return success(null);
}

/** The command; the exit code comes back. */
export async function validateEmulator(args: readonly string[]): Promise<number> {
  const opened = openCommand(HELP, { args: [...args], options: { stars: { type: 'string' }, epochs: { type: 'string' } } });
  if (!opened.ok) return opened.code;
  const stars = numberOption('stars', opened.value.values.stars, 50, { min: 8, max: 1000, integer: true });
  if (!stars.ok) return refuse(stars.failure);
  const epochs = numberOption('epochs', opened.value.values.epochs, 2, { min: 1, max: 1000, integer: true });
  if (!epochs.ok) return refuse(epochs.failure);
  const done = await smallRun(stars.value, epochs.value);
  return done.ok ? EXIT.done : refuse(done.failure, EXIT.failed);
}
