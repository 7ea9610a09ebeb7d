/** `npm run validate -- mcmc`: one simulated star, its posterior sampled by Hamiltonian chains, by our ensemble, and by emcee. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { loadDemoStar } from '../../src/compute/demoStar.ts';
import type { FitService } from '../../src/compute/service.ts';
import type { FitResult } from '../../src/domain/fit.ts';
import { labelTitle, labelUnit } from '../../src/domain/labels.ts';
import type { SamplerName } from '../../src/domain/posterior.ts';
import { success, type Result } from '../../src/domain/result.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { median } from '../../src/math/statistics.ts';
import { EXIT, numberOption, openCommand, refuse } from '../../cli/commands/args.ts';
import { runEmcee, sampledSchema } from './emcee.ts';
import { fingerprint, INJECTION_CODE, SAMPLING_CODE } from '../../cli/batch/fingerprint.ts';
import { LineStore } from '../kit/keep.ts';
import { fixed, markdownTable } from '../../cli/files/markdownTable.ts';
import { writeDocument } from '../kit/markdown.ts';
import { nodeAssets, publicFolder } from '../../cli/files/nodeAssets.ts';
import { openService } from '../../cli/batch/openService.ts';
import { cachePath } from '../../cli/files/sharedFolder.ts';

const MODEL = 'lte-atlas9-v3-small';
const SPECTRA = 240_000;
const SEEDS = [1, 2, 3, 4];

const HELP = `npm run validate -- mcmc [options]: the posterior of the demo star by Hamiltonian chains (${String(SEEDS.length)} seeds), by our ensemble, and by emcee

  --model ID     model bundle in public/models (default ${MODEL}: samplers are compared, not models)
  --spectra N    emulated spectra for the ensemble, and for emcee (default ${String(SPECTRA)}); the document is written with no fewer

One core, about a quarter of an hour. Runs are kept in .cache/validate, so that it resumes. Writes docs/inference/mcmc.md.
`;

const runSchema = sampledSchema.extend({ sampler: z.string(), seed: z.number() });
type Run = z.infer<typeof runSchema>;

interface Problem {
  readonly service: FitService;
  readonly star: Spectrum;
  readonly optimum: FitResult;
  readonly spectra: number;
}

async function ours({ service, star, spectra }: Problem, sampler: SamplerName, seed: number): Promise<Result<Run>> {
  const budget = sampler === 'ensemble' ? { maxSampled: spectra } : {};
  const fit = await service.fit(star, { ...DEFAULT_FIT_OPTIONS, method: 'mcmc', sampler, seed, ...budget });
  if (!fit.ok) return fit;
  const labels = fit.value.posterior?.labels ?? [];
  return success({
    sampler,
    seed,
    seconds: fit.value.seconds,
    spectra: fit.value.evaluations,
    mean: labels.map((label) => label.mean),
    sigma: labels.map((label) => label.sigma),
    sizes: labels.map((label) => label.essBulk),
    note: `R̂ ≤ ${Math.max(...labels.map((label) => label.rhat)).toFixed(4)}, ${fit.value.converged ? 'converged' : 'not converged'}`,
  });
}

async function byEmcee({ service, optimum, spectra }: Problem): Promise<Result<Run>> {
  const run = await runEmcee(service.emulator, optimum, `${publicFolder()}/models/${service.identity.id}`, spectra);
  return run.ok ? success({ sampler: 'emcee', seed: optimum.seed, ...run.value }) : run;
}

interface Moments {
  readonly mean: readonly number[];
  readonly sigma: readonly number[];
  readonly sizes: readonly number[];
  readonly spectra: number;
}

/** Runs of one sampler as one: weighted by their effective draws, label by label. */
function pooled(runs: readonly Run[]): Moments {
  const labels = runs[0]?.mean.map((_, i) => i) ?? [];
  const weighted = (i: number, value: (run: Run) => number): number =>
    runs.reduce((sum, run) => sum + (run.sizes[i] ?? 0) * value(run), 0) / runs.reduce((sum, run) => sum + (run.sizes[i] ?? 0), 0);
  const mean = labels.map((i) => weighted(i, (run) => run.mean[i] ?? NaN));
  return {
    mean,
    sigma: labels.map((i) => Math.sqrt(weighted(i, (run) => (run.sigma[i] ?? NaN) ** 2 + ((run.mean[i] ?? NaN) - (mean[i] ?? NaN)) ** 2))),
    sizes: labels.map((i) => runs.reduce((sum, run) => sum + (run.sizes[i] ?? 0), 0)),
    spectra: runs.reduce((sum, run) => sum + run.spectra, 0),
  };
}

interface Difference {
  readonly shift: number;
  readonly ratio: number;
}

/** Means apart in σ of `theirs`, and ratio of σ, label by label. */
const differences = (ours: Moments, theirs: Moments): Difference[] =>
  theirs.mean.map((mean, i) => ({
    shift: ((ours.mean[i] ?? NaN) - mean) / (theirs.sigma[i] ?? NaN),
    ratio: (ours.sigma[i] ?? NaN) / (theirs.sigma[i] ?? NaN),
  }));

const worst = (values: readonly number[]): number => Math.max(...values.map(Math.abs));
const agrees = (found: readonly Difference[]): boolean =>
  found.every(({ shift, ratio }) => Math.abs(shift) < 0.1 && Math.abs(ratio - 1) < 0.1);

export async function validateMcmc(args: readonly string[]): Promise<number> {
  const opened = openCommand(HELP, {
    args: [...args],
    options: { model: { type: 'string', default: MODEL }, spectra: { type: 'string' } },
  });
  if (!opened.ok) return opened.code;
  const { values } = opened.value;
  const spectra = numberOption('spectra', values.spectra, SPECTRA, { min: 1000, max: 1e8, integer: true });
  if (!spectra.ok) return refuse(spectra.failure);
  const service = await openService({ backend: 'wasm', model: values.model });
  if (!service.ok) return refuse(service.failure, EXIT.failed);
  const star = await loadDemoStar(nodeAssets());
  if (!star.ok) return refuse(star.failure, EXIT.failed);
  const optimum = await service.value.fit(star.value, { ...DEFAULT_FIT_OPTIONS, method: 'lm' });
  if (!optimum.ok) return refuse(optimum.failure, EXIT.failed);
  const problem: Problem = { service: service.value, star: star.value, optimum: optimum.value, spectra: spectra.value };

  const script = await readFile(new URL('../../training/emcee_bench.py', import.meta.url), 'utf8');
  const key = await fingerprint(
    [...INJECTION_CODE, SAMPLING_CODE, 'validation/samplers/emcee.ts'],
    service.value.identity.weights,
    script,
    JSON.stringify([star.value.id, spectra.value]),
  );
  const store = new LineStore(cachePath('validate', `mcmc-${key}.jsonl`), runSchema);
  const tasks: (readonly [string, number, () => Promise<Result<Run>>])[] = [
    ...SEEDS.map((seed) => ['hamiltonian', seed, () => ours(problem, 'hamiltonian', seed)] as const),
    ['ensemble', 1, () => ours(problem, 'ensemble', 1)],
    ['emcee', optimum.value.seed, () => byEmcee(problem)],
  ];
  for (const [sampler, seed, task] of tasks) {
    if (store.read().some((run) => run.sampler === sampler && run.seed === seed)) continue;
    process.stderr.write(`${sampler}, seed ${String(seed)} … `);
    const run = await task();
    if (!run.ok) return refuse(run.failure, EXIT.failed);
    store.add(run.value);
    process.stderr.write(`${run.value.seconds.toFixed(0)} s, ${run.value.note}\n`);
  }

  const runs = store.read();
  const of = (sampler: string): Moments => pooled(runs.filter((run) => run.sampler === sampler));
  const [chains, ensemble, emcee] = [of('hamiltonian'), of('ensemble'), of('emcee')];
  const [byChains, byEnsemble] = [differences(chains, emcee), differences(ensemble, emcee)];
  const hit = agrees(byChains) && agrees(byEnsemble);
  const verdict = (name: string, found: readonly Difference[]): string =>
    `${name}: means within ${fixed(worst(found.map(({ shift }) => shift)), 3)} σ, σ within ${fixed(100 * worst(found.map(({ ratio }) => ratio - 1)), 1)} % of emcee's (targets 0.1 σ, 10 %): **${agrees(found) ? 'hit' : 'miss'}**.`;
  const text = [
    '# One posterior, three samplers',
    '',
    `Written by \`npm run validate -- mcmc\`: the demo star (simulated, S/N ${String(star.value.snr)}) with the model ${service.value.identity.id}; ${String(SEEDS.length)} runs of Hamiltonian chains to convergence, pooled; our ensemble and emcee with ${String(spectra.value)} spectra each (emcee with the same weights run by PyTorch; velocity and widths by the model's tangent along them). A gradient counts as three spectra; what draws cost in seconds: \`npm run bench -- fit --sampled N\`.`,
    '',
    verdict('Hamiltonian chains', byChains),
    verdict('Ensemble', byEnsemble),
    '',
    markdownTable(
      ['sampler', 'spectra', 'effective draws: least', 'median', 'least per 1000 spectra', 'median per 1000', ''],
      (
        [
          ['hamiltonian', chains],
          ['ensemble', ensemble],
          ['emcee', emcee],
        ] as const
      ).map(([name, { sizes, spectra: total }]) => [
        name,
        String(total),
        fixed(Math.min(...sizes), 0),
        fixed(median([...sizes]), 0),
        fixed((1000 * Math.min(...sizes)) / total, 1),
        fixed((1000 * median([...sizes])) / total, 1),
        [...new Set(runs.filter((run) => run.sampler === name).map((run) => run.note))].join('; '),
      ]),
    ),
    '',
    markdownTable(
      ['label', 'Laplace', 'emcee', 'chains: Δ/σ', 'σ ratio', 'ensemble: Δ/σ', 'σ ratio'],
      optimum.value.labels.map(({ name, value, sigma }, i) => {
        const digits = name === 'teff' ? 0 : 3;
        const unit = labelUnit(name) === 'dex' ? '' : ` (${labelUnit(name)})`;
        return [
          `${labelTitle(name)}${unit}`,
          `${fixed(value, digits)} ± ${fixed(sigma, digits)}`,
          `${fixed(emcee.mean[i] ?? NaN, digits)} ± ${fixed(emcee.sigma[i] ?? NaN, digits)}`,
          fixed(byChains[i]?.shift ?? NaN, 3),
          fixed(byChains[i]?.ratio ?? NaN, 3),
          fixed(byEnsemble[i]?.shift ?? NaN, 3),
          fixed(byEnsemble[i]?.ratio ?? NaN, 3),
        ];
      }),
    ),
    '',
  ].join('\n');
  process.stdout.write(text);
  if (spectra.value >= SPECTRA) await writeDocument('mcmc.md', text);
  service.value.emulator.dispose();
  return hit ? EXIT.done : EXIT.failed;
}
