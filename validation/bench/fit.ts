/** What a fit of the demo star costs, by each method. */
import { loadDemoStar } from '../../src/compute/demoStar.ts';
import type { FitResult } from '../../src/domain/fit.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { median } from '../../src/math/statistics.ts';
import { EXIT, refuse } from '../../cli/commands/args.ts';
import { METHOD_IDS } from '../../src/fit/methods.ts';
import { nodeAssets } from '../../cli/files/nodeAssets.ts';
import { openService } from '../../cli/batch/openService.ts';
import { medianMilliseconds, REFERENCE_NAME, referenceComputation } from './cost.ts';

/** Fits the demo star on wasm by each method, `repeat` times, and prints seconds and evaluations; the exit code comes back. */
export async function benchFit(model: string | undefined, repeat: number): Promise<number> {
  const service = await openService({ backend: 'wasm', ...(model === undefined ? {} : { model }) });
  if (!service.ok) return refuse(service.failure, EXIT.failed);
  const star = await loadDemoStar(nodeAssets());
  if (!star.ok) return refuse(star.failure, EXIT.failed);
  const reference = await medianMilliseconds(3, () => Promise.resolve(referenceComputation()));
  process.stdout.write(
    `${service.value.identity.id} on wasm, one core; ${REFERENCE_NAME}: ${reference.toFixed(0)} ms\n` +
      `       first fit, then the median of ${String(repeat)}: seconds as the page shows them, and CPU seconds over the reference\n`,
  );
  // Sampling has a bench of its own: samplers.ts.
  for (const method of METHOD_IDS.filter((one) => one !== 'mcmc')) {
    const seconds: number[] = [];
    const cpu: number[] = [];
    let last: FitResult | null = null;
    for (let k = 0; k <= repeat; k++) {
      const start = process.cpuUsage();
      const fit = await service.value.fit(star.value, { ...DEFAULT_FIT_OPTIONS, method });
      if (!fit.ok) return refuse(fit.failure, EXIT.failed);
      const { user, system } = process.cpuUsage(start);
      seconds.push(fit.value.seconds);
      cpu.push((user + system) / 1e3 / reference);
      last = fit.value;
    }
    const teff = last?.labels.find((label) => label.name === 'teff');
    process.stdout.write(
      `${method.padEnd(6)} ${(seconds[0] ?? NaN).toFixed(2).padStart(6)} s ${median(seconds.slice(1)).toFixed(2).padStart(6)} s ${median(cpu.slice(1)).toFixed(1).padStart(6)} × reference, ${String(last?.evaluations)} evaluations, χ²/ν ${last?.chi2Reduced.toFixed(3) ?? '–'}, T_eff ${teff?.value.toFixed(0) ?? '–'} (truth ${String(star.value.truth?.['teff'] ?? '–')})\n`,
    );
  }
  service.value.emulator.dispose();
  return EXIT.done;
}
