/** What a fit of the demo star costs, by each method. */
import { loadDemoStar } from '../../src/compute/demoStar.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { EXIT, refuse } from '../args.ts';
import { METHODS } from '../fitDefaults.ts';
import { nodeAssets } from '../nodeAssets.ts';
import { openService } from '../openService.ts';

/** Fits the demo star on wasm by each method and prints seconds and evaluations; the exit code comes back. */
export async function benchFit(model: string | undefined): Promise<number> {
  const service = await openService({ backend: 'wasm', ...(model === undefined ? {} : { model }) });
  if (!service.ok) return refuse(service.failure, EXIT.failed);
  const star = await loadDemoStar(nodeAssets());
  if (!star.ok) return refuse(star.failure, EXIT.failed);
  // Sampling has a bench of its own: samplers.ts.
  for (const method of METHODS.filter((one) => one !== 'mcmc')) {
    const fit = await service.value.fit(star.value, { ...DEFAULT_FIT_OPTIONS, method });
    if (!fit.ok) return refuse(fit.failure, EXIT.failed);
    const { seconds, evaluations, chi2Reduced, labels } = fit.value;
    const teff = labels.find((label) => label.name === 'teff');
    process.stdout.write(
      `${method.padEnd(6)} ${seconds.toFixed(2).padStart(8)} s ${String(evaluations).padStart(7)} evaluations, χ²/ν ${chi2Reduced.toFixed(3)}, T_eff ${teff?.value.toFixed(0) ?? '–'} (truth ${String(star.value.truth?.['teff'] ?? '–')})\n`,
    );
  }
  service.value.emulator.dispose();
  return EXIT.done;
}
