/** What a spectrum, a gradient and a Jacobian cost here, of every model that ships, on every backend of Node, and in PyTorch. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { chooseModel, listModels } from '../../src/compute/models.ts';
import type { BackendName, Emulator } from '../../src/domain/emulator.ts';
import { success, type Result } from '../../src/domain/result.ts';
import { median } from '../../src/math/statistics.ts';
import { EXIT, refuse } from '../../cli/commands/args.ts';
import { nodeAssets } from '../../cli/files/nodeAssets.ts';
import { openService } from '../../cli/batch/openService.ts';
import { cpuMilliseconds, medianMilliseconds, REFERENCE_NAME, referenceComputation } from './cost.ts';

const BACKENDS: readonly BackendName[] = ['wasm', 'reference'];
const BATCH = 16;
const ROOT = join(import.meta.dirname, '../..');
const PYTHON = '/usr/bin/python3';

/** CPU milliseconds; null where that is not measured. */
interface Costs {
  readonly forward: number;
  /** Of one spectrum in a batch of 16. */
  readonly batched: number;
  readonly gradient: number;
  readonly jacobian: number | null;
}

async function costsOf(emulator: Emulator, repeat: number): Promise<Costs> {
  const labels = (phase: number): Float64Array =>
    Float64Array.from(emulator.info.labels, (label, i) => label.centre + 0.5 * label.halfRange * Math.sin(phase + i));
  const batch = Array.from({ length: BATCH }, (_, i) => labels(i));
  const [some, few] = [Math.ceil(repeat / 2), Math.ceil(repeat / 4)];
  return {
    forward: await medianMilliseconds(repeat, () => emulator.predict([labels(0)])),
    batched: (await medianMilliseconds(few, () => emulator.predict(batch))) / BATCH,
    gradient: await medianMilliseconds(some, () => emulator.gradient(labels(0), (flux) => flux.map((value) => value - 1))),
    jacobian: await medianMilliseconds(few, () => emulator.jacobian(labels(0))),
  };
}

const torchCosts = z.object({ version: z.string(), forward: z.number(), batched: z.number(), gradient: z.number() });

/** The same weights in PyTorch, one thread; in words why not where that cannot run. */
function pytorch(id: string, repeat: number): (Costs & { readonly version: string }) | string {
  if (!existsSync(PYTHON)) return `no ${PYTHON}`;
  const run = spawnSync(
    PYTHON,
    [join(ROOT, 'training/bench.py'), join(ROOT, 'public/models', id), '--repeat', String(repeat), '--batch', String(BATCH)],
    {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    },
  );
  if (run.status !== 0) return run.stderr.trim().split('\n').at(-1) ?? 'it failed';
  return { ...torchCosts.parse(JSON.parse(run.stdout)), jacobian: null };
}

const COLUMNS = ['forward', '/ref ‰', 'in batch', '/forward', 'gradient', '/forward', 'Jacobian', '/forward', 'error', 'error·ms'];
const cells = (values: readonly string[]): string => values.map((value) => value.padStart(10)).join('');

function line(where: string, costs: Costs, reference: number, heldOutMae: number | null): string {
  const { forward } = costs;
  const pair = (value: number | null): string[] => (value === null ? ['–', '–'] : [value.toFixed(2), (value / forward).toFixed(2)]);
  const error = heldOutMae === null ? null : 100 * heldOutMae;
  return `  ${where.padEnd(12)}${cells([
    forward.toFixed(2),
    ((1000 * forward) / reference).toFixed(2),
    ...pair(costs.batched),
    ...pair(costs.gradient),
    ...pair(costs.jacobian),
    error === null ? '–' : `${error.toFixed(3)} %`,
    error === null ? '–' : (error * forward).toFixed(3),
  ])}\n`;
}

/** The model asked for, or all of the index. */
async function modelIds(model: string | undefined): Promise<Result<readonly string[]>> {
  if (model === undefined) {
    const all = await listModels(nodeAssets());
    return all.ok ? success(all.value.map(({ id }) => id)) : all;
  }
  const one = await chooseModel(nodeAssets(), model);
  return one.ok ? success([one.value.id]) : one;
}

/** Prints the costs of one model, or of all that ship; the exit code comes back. */
export async function benchEmulators(model: string | undefined, repeat: number): Promise<number> {
  const ids = await modelIds(model);
  if (!ids.ok) return refuse(ids.failure, EXIT.failed);
  process.stdout.write(
    `CPU milliseconds, medians after a warm-up (of ${String(repeat)} forward passes, fewer of what is dearer)\n` +
      `/ref ‰: per thousand of the reference computation (${REFERENCE_NAME}), timed before and after; /forward: to the forward pass of the same line\n` +
      `error: held-out mean absolute error of the flux; error·ms: times the milliseconds of a forward pass, less is better\n`,
  );
  referenceComputation();
  const references: number[] = [];
  /** Costs beside the reference computation before and after them. */
  const beside = async <T>(work: () => T | Promise<T>): Promise<[T, number]> => {
    const before = cpuMilliseconds(referenceComputation);
    const found = await work();
    const after = cpuMilliseconds(referenceComputation);
    references.push(before, after);
    return [found, (before + after) / 2];
  };
  for (const id of ids.value) {
    for (const backend of BACKENDS) {
      const opened = await openService({ model: id, backend });
      if (!opened.ok) return refuse(opened.failure, EXIT.failed);
      const { emulator, card } = opened.value;
      if (backend === BACKENDS[0])
        process.stdout.write(`\n${id}: ${card.network}, ${(card.bytes / 1e6).toFixed(1)} MB\n${' '.repeat(14)}${cells(COLUMNS)}\n`);
      // The float64 twin is some hundred times slower.
      const runs = emulator.backend.name === 'reference' ? Math.ceil(repeat / 20) : repeat;
      const [costs, reference] = await beside(() => costsOf(emulator, runs));
      process.stdout.write(line(emulator.backend.name, costs, reference, emulator.info.heldOutMae));
      emulator.dispose();
      if (backend !== BACKENDS.at(-1)) continue;
      const [torch, torchReference] = await beside(() => pytorch(id, repeat));
      process.stdout.write(
        typeof torch === 'string'
          ? `  PyTorch     not measured: ${torch}\n`
          : line(`torch ${torch.version}`, torch, torchReference, emulator.info.heldOutMae),
      );
    }
  }
  process.stdout.write(
    `\nReference computation: ${median(references).toFixed(0)} ms (${Math.min(...references).toFixed(0)} to ${Math.max(...references).toFixed(0)})\n`,
  );
  return EXIT.done;
}
