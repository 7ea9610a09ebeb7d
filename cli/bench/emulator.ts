/** What a spectrum, a Jacobian and a fit by the emulator cost here. */
import { loadDemoStar } from '../../src/compute/demoStar.ts';
import type { FitService } from '../../src/compute/service.ts';
import type { BackendName } from '../../src/domain/emulator.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { median } from '../../src/math/statistics.ts';
import { EXIT, refuse } from '../args.ts';
import { METHODS } from '../fitDefaults.ts';
import { nodeAssets } from '../nodeAssets.ts';
import { openService } from '../openService.ts';

/** Median milliseconds of `repeat` runs after one that warms up. */
async function milliseconds(repeat: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let i = 0; i < repeat; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Prints one backend's costs; returns the milliseconds of one spectrum. */
async function benchEmulator(service: FitService, repeat: number): Promise<number> {
  const { emulator } = service;
  const labels = (phase: number): Float64Array =>
    Float64Array.from(emulator.info.labels, (label, i) => label.centre + 0.5 * label.halfRange * Math.sin(phase + i));
  const batch = Array.from({ length: 16 }, (_, i) => labels(i));
  const one = await milliseconds(repeat, () => emulator.predict([labels(0)]));
  const many = (await milliseconds(Math.ceil(repeat / 4), () => emulator.predict(batch))) / batch.length;
  const jacobian = await milliseconds(Math.ceil(repeat / 4), () => emulator.jacobian(labels(0)));
  process.stdout.write(
    `${emulator.backend.name.padEnd(10)} ${one.toFixed(1).padStart(8)} ${many.toFixed(1).padStart(10)} ${jacobian.toFixed(1).padStart(10)}   ${emulator.backend.reason}\n`,
  );
  return one;
}

async function benchFit(service: FitService): Promise<number> {
  const star = await loadDemoStar(nodeAssets());
  if (!star.ok) return refuse(star.failure, EXIT.failed);
  // Sampling has a bench of its own: samplers.ts.
  for (const method of METHODS.filter((one) => one !== 'mcmc')) {
    const fit = await service.fit(star.value, { ...DEFAULT_FIT_OPTIONS, method });
    if (!fit.ok) return refuse(fit.failure, EXIT.failed);
    const { seconds, evaluations, chi2Reduced, labels } = fit.value;
    const teff = labels.find((label) => label.name === 'teff');
    process.stdout.write(
      `${method.padEnd(6)} ${seconds.toFixed(2).padStart(8)} s ${String(evaluations).padStart(7)} evaluations, χ²/ν ${chi2Reduced.toFixed(3)}, T_eff ${teff?.value.toFixed(0) ?? '–'} (truth ${String(star.value.truth?.['teff'] ?? '–')})\n`,
    );
  }
  return EXIT.done;
}

/** Benches the emulator on each backend, or a fit by each method; the exit code comes back. */
export async function benchModel(what: 'emulator' | 'fit', model: string | undefined, repeat: number): Promise<number> {
  const backends: readonly BackendName[] = what === 'emulator' ? ['wasm', 'reference'] : ['wasm'];
  if (what === 'emulator')
    process.stdout.write(`${'backend'.padEnd(10)} ${'ms/one'.padStart(8)} ${'ms/batch'.padStart(10)} ${'ms/Jac'.padStart(10)}\n`);
  const cost: number[] = [];
  for (const backend of backends) {
    const service = await openService({ backend, ...(model === undefined ? {} : { model }) });
    if (!service.ok) return refuse(service.failure, EXIT.failed);
    if (what === 'emulator') cost.push(await benchEmulator(service.value, repeat));
    else {
      const code = await benchFit(service.value);
      if (code !== EXIT.done) return code;
    }
    service.value.emulator.dispose();
  }
  const [wasm, twin] = cost;
  if (wasm !== undefined && twin !== undefined)
    process.stdout.write(`wasm costs ${(wasm / twin).toFixed(3)} of the float64 twin in plain TypeScript\n`);
  return EXIT.done;
}
