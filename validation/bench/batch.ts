/** What a survey costs: stars per core-hour of every model that ships, and how that holds when several cores work. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, refuse } from '../../cli/commands/args.ts';
import { openService } from '../../cli/batch/openService.ts';
import { nodeAssets } from '../../cli/files/nodeAssets.ts';
import { writeSpectraCsv } from '../../cli/files/spectraCsv.ts';
import { identifyRun } from '../../cli/survey/identity.ts';
import { runSurvey } from '../../cli/survey/runSurvey.ts';
import { ownership, WHOLE } from '../../cli/survey/shard.ts';
import { openSource } from '../../cli/survey/source.ts';
import type { FitService } from '../../src/compute/service.ts';
import { listModels } from '../../src/compute/models.ts';
import { softwareText } from '../../src/domain/version.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { randomStream } from '../../src/math/random.ts';
import { median } from '../../src/math/statistics.ts';
import { simulateSpectrum } from '../../src/spectra/simulate.ts';

const OPTIONS = { ...DEFAULT_FIT_OPTIONS, method: 'lm' } as const;

/** Writes `count` simulated stars of S/N 50 and R = 1800 with labels in the middle of the training range. */
async function writeStars(service: FitService, folder: string, count: number): Promise<void> {
  mkdirSync(folder);
  const { info } = service.emulator;
  const random = randomStream(5);
  for (let i = 0; i < count; i++) {
    const flux = await service.predict(
      Float64Array.from(info.labels, ({ centre, halfRange }) => centre + 0.6 * (random.uniform() - 0.5) * halfRange),
    );
    const lsf = { kind: 'resolving-power', resolvingPower: 1800 } as const;
    const star = simulateSpectrum({ flux, ...info }, { id: 'star', lsf, snr: 50, rv: 60 * (random.uniform() - 0.5), seed: i + 1 });
    writeSpectraCsv(join(folder, `star${String(i).padStart(4, '0')}.csv`), star.wavelength, [
      { name: 'flux', values: star.flux },
      { name: 'error', values: star.ivar.map((value) => (value > 0 ? 1 / Math.sqrt(value) : 0)) },
    ]);
  }
}

/** Seconds by the clock for a folder of stars with some processes, start-up included. */
async function surveySeconds(model: string, stars: string, out: string, processes: number): Promise<number> {
  const setup = { open: { model }, options: OPTIONS };
  const run = await identifyRun(nodeAssets(), setup, softwareText(), WHOLE, stars);
  const source = await openSource(stars);
  if (!run.ok || !source.ok) throw new Error('the stars of the bench cannot be opened');
  const start = performance.now();
  const done = await runSurvey(
    {
      folder: out,
      run: run.value,
      setup,
      processes,
      owns: ownership(WHOLE, 'file'),
      say: () => undefined,
      signal: new AbortController().signal,
    },
    () => source.value.files(),
  );
  if (!done.ok) throw new Error(done.failure.message);
  return (performance.now() - start) / 1000;
}

/** For each model: start-up and CPU seconds per star in one process; then `each` stars per process by 1, 2 … all cores. The exit code comes back. */
export async function benchBatch(only: string | undefined, each: number): Promise<number> {
  const models = await listModels(nodeAssets());
  if (!models.ok) return refuse(models.failure, EXIT.failed);
  const cores = availableParallelism();
  for (const { id } of models.value.filter((one) => only === undefined || one.id === only)) {
    const work = mkdtempSync(join(tmpdir(), 'maury-bench-'));
    const opening = process.cpuUsage();
    const service = await openService({ model: id });
    if (!service.ok) return refuse(service.failure, EXIT.failed);
    const opened = process.cpuUsage(opening);
    const counts = [...new Set([1, 2, cores].filter((processes) => processes <= cores))];
    for (const processes of counts) await writeStars(service.value, join(work, `stars${String(processes)}`), each * processes);
    const cpu: number[] = [];
    for (let i = 0; i < Math.min(each, 8) + 1; i++) {
      const flux = await service.value.predict(
        Float64Array.from(service.value.emulator.info.labels, ({ centre, halfRange }) => centre + 0.1 * i * halfRange * 0.1),
      );
      const lsf = { kind: 'resolving-power', resolvingPower: 1800 } as const;
      const star = simulateSpectrum({ flux, ...service.value.emulator.info }, { id: 'star', lsf, snr: 50, rv: 10, seed: i + 1 });
      const before = process.cpuUsage();
      const fit = await service.value.fit(star, OPTIONS);
      if (!fit.ok) return refuse(fit.failure, EXIT.failed);
      const { user, system } = process.cpuUsage(before);
      cpu.push((user + system) / 1e6);
    }
    const perStar = median(cpu.slice(1));
    service.value.emulator.dispose();
    process.stdout.write(
      `${id}: start-up ${((opened.user + opened.system) / 1e6).toFixed(1)} CPU s; ${perStar.toFixed(2)} CPU s per star by lm, ${(3600 / perStar).toFixed(0)} stars per core-hour\n`,
    );
    let single = NaN;
    for (const processes of counts) {
      const seconds = await surveySeconds(id, join(work, `stars${String(processes)}`), join(work, `out${String(processes)}`), processes);
      if (processes === 1) single = seconds;
      process.stdout.write(
        `  maury batch, ${String(each)} stars in each of ${String(processes)} processes: ${seconds.toFixed(1)} s, ${((3600 * each) / seconds).toFixed(0)} stars per core-hour with start-up, ${(single / seconds).toFixed(2)} of one process's rate per core\n`,
      );
    }
    rmSync(work, { recursive: true });
  }
  return EXIT.done;
}
