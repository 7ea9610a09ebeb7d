/** What a sampled posterior of the demo star costs: effective draws per second and per emulated spectrum, each way, and by emcee on the same emulator. */
import { loadDemoStar } from '../../src/compute/demoStar.ts';
import type { FitService } from '../../src/compute/service.ts';
import type { SamplerName } from '../../src/domain/posterior.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { median } from '../../src/math/statistics.ts';
import { EXIT, refuse } from '../../cli/commands/args.ts';
import { SAMPLER_IDS } from '../../src/fit/methods.ts';
import { nodeAssets, publicFolder } from '../../cli/files/nodeAssets.ts';
import { runEmcee } from '../samplers/emcee.ts';

const line = (name: string, seconds: number, spectra: number, sizes: readonly number[], note: string): string => {
  const finite = sizes.filter((size) => !Number.isNaN(size));
  const least = Math.min(...finite);
  const cell = (value: number, digits: number) => value.toFixed(digits).padStart(9);
  return `${name.padEnd(12)} ${cell(seconds, 1)} ${cell(spectra, 0)} ${cell(least, 0)} ${cell(median(finite), 0)} ${cell(least / seconds, 3)} ${cell(median(finite) / seconds, 3)} ${cell((1000 * least) / spectra, 2)}  ${note}\n`;
};

async function benchSampler(service: FitService, star: Spectrum, sampler: SamplerName, spectra: number) {
  let began = NaN;
  let before = 0;
  const options = { ...DEFAULT_FIT_OPTIONS, method: 'mcmc', sampler, maxSampled: spectra } as const;
  const fit = await service.fit(star, options, {
    onProgress: ({ stage, evaluations }) => {
      if (stage === 'sampling' && Number.isNaN(began)) [began, before] = [performance.now(), evaluations];
    },
  });
  if (!fit.ok) return fit;
  const { posterior, evaluations, converged } = fit.value;
  const seconds = (performance.now() - began) / 1000;
  const labels = posterior?.labels ?? [];
  const rhat = Math.max(...labels.map((label) => label.rhat));
  const note = `R̂ ≤ ${rhat.toFixed(3)}, acceptance ${(posterior?.acceptance ?? NaN).toFixed(2)}, ${converged ? 'converged' : 'stopped at its budget'}`;
  process.stdout.write(
    line(
      sampler,
      seconds,
      evaluations - before,
      labels.map((label) => label.essBulk),
      note,
    ),
  );
  return fit;
}

/** Benches every sampler on the demo star, `spectra` emulated spectra each, then emcee; the exit code comes back. */
export async function benchSamplers(service: FitService, spectra: number): Promise<number> {
  const star = await loadDemoStar(nodeAssets());
  if (!star.ok) return refuse(star.failure, EXIT.failed);
  process.stdout.write(
    `\neffective draws of the ${String(service.emulator.info.labels.length)} labels: least and median over labels, per second, and per 1000 spectra; warm-up counted\n` +
      `${'sampler'.padEnd(12)} ${['s', 'spectra', 'least', 'median', 'least/s', 'median/s', 'per 1000'].map((head) => head.padStart(9)).join(' ')}\n`,
  );
  for (const sampler of SAMPLER_IDS) {
    const fit = await benchSampler(service, star.value, sampler, spectra);
    if (!fit.ok) return refuse(fit.failure, EXIT.failed);
  }
  const optimum = await service.fit(star.value, { ...DEFAULT_FIT_OPTIONS, method: 'lm' });
  if (!optimum.ok) return refuse(optimum.failure, EXIT.failed);
  const emcee = await runEmcee(service.emulator, optimum.value, `${publicFolder()}/models/${service.identity.id}`, spectra);
  process.stdout.write(
    emcee.ok
      ? line('emcee', emcee.value.seconds, emcee.value.spectra, emcee.value.sizes, `PyTorch in float64; ${emcee.value.note}`)
      : `emcee        skipped: ${emcee.failure.message}\n`,
  );
  return EXIT.done;
}
