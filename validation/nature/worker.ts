/** One process of `npm run validate -- model-error`: opens the model once, then fits the stars it is given, each with the noise model named. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { serveTasks } from '../../cli/batch/serveTasks.ts';
import { openService } from '../../cli/batch/openService.ts';
import { sharedFolder } from '../../cli/files/sharedFolder.ts';
import { readSun } from '../../cli/files/sun.ts';
import { parseNature } from '../../src/compute/natureFile.ts';
import type { FitService } from '../../src/compute/service.ts';
import type { Emulator } from '../../src/domain/emulator.ts';
import type { FitOptions, Solution } from '../../src/domain/fit.ts';
import type { Nature } from '../../src/domain/nature.ts';
import type { Result } from '../../src/domain/result.ts';
import { success } from '../../src/domain/result.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { worstFlag } from '../../src/domain/fit.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { fitSpectrum } from '../../src/fit/fitSpectrum.ts';
import { refitSpectrum } from '../../src/fit/refitSpectrum.ts';
import { tuningFor } from '../../src/fit/tuning.ts';
import { setupSchema, taskSchema, type NatureFit, type NatureRecord, type NatureTask } from './record.ts';
import { keep, residualOf } from './residual.ts';

serveTasks(setupSchema, taskSchema, async ({ model, variants }) => {
  const service = await openService({ ...(model === undefined ? {} : { model }), nature: 'none' });
  if (!service.ok) throw new Error(service.failure.message);
  const natures = new Map<string, Nature | null>();
  for (const [name, text] of Object.entries(variants)) {
    const parsed = text === null ? success(null) : parseNature(JSON.parse(text));
    if (!parsed.ok) throw new Error(parsed.failure.message);
    natures.set(name, parsed.value);
  }
  return (task) => fitStar(service.value, natures.get(task.variant) ?? null, task);
});

async function fitStar(service: FitService, nature: Nature | null, task: NatureTask): Promise<NatureRecord> {
  const { path, name, source, variant } = task;
  const read = await spectrumOf(service, path);
  const { emulator } = service;
  const fit = read.ok ? await fitted(read.value, emulator, nature, task) : read;
  if (!fit.ok) return { name, source, variant, ok: false, code: fit.failure.code, message: fit.failure.message };
  return {
    name,
    source,
    variant,
    ...recordOf(service, fit.value),
    ...(nature === null ? { residual: keep(residualOf(name, source, fit.value)) } : {}),
  };
}

function fitted(spectrum: Spectrum, emulator: Emulator, nature: Nature | null, { start }: NatureTask): Promise<Result<Solution>> {
  const options: FitOptions = { ...DEFAULT_FIT_OPTIONS, method: 'lm' };
  const tuning = tuningFor(spectrum, emulator.info, nature);
  if (start === undefined) return fitSpectrum(spectrum, emulator, options, {}, tuning);
  const labels = emulator.info.labels.map(({ name, centre }) => ({
    name,
    value: start.labels[name] ?? centre,
    sigma: 0,
    priorFraction: 0,
    flags: [],
  }));
  const from = { model: emulator.info.id, labels, nuisances: Float64Array.from(start.nuisances), rv: { value: start.rv, sigma: 0 } };
  return refitSpectrum(spectrum, emulator, options, from, {}, tuning);
}

async function spectrumOf(service: FitService, path: string): Promise<Result<Spectrum>> {
  if (path === 'sun') return readSun(sharedFolder());
  const read = await service.read(basename(path), new Uint8Array(await readFile(path)));
  if (!read.ok) return read;
  const [spectrum] = read.value;
  if (spectrum === undefined) throw new Error(`${path} holds no spectrum`);
  return success(spectrum);
}

const finite = (value: number): number | null => (Number.isFinite(value) ? Number(value.toPrecision(7)) : null);

function recordOf(service: FitService, fit: Solution): Omit<NatureFit, 'name' | 'source' | 'variant' | 'residual'> {
  const { abundances } = service.calibrate({ ...fit, simulated: true });
  return {
    ok: true,
    converged: fit.converged,
    spoilt: fit.alerts?.some(({ spoilsLabels }) => spoilsLabels) ?? false,
    chi2Reduced: finite(fit.chi2Reduced),
    seconds: fit.seconds,
    rv: { value: finite(fit.rv.value), sigma: finite(fit.rv.sigma) },
    labels: Object.fromEntries(
      fit.labels.map(({ name, value, sigma, exposureSigma = NaN, flags, doubt }) => [
        name,
        {
          value: finite(value),
          sigma: finite(sigma),
          exposure: finite(exposureSigma),
          flag: worstFlag(flags),
          ...(doubt === undefined ? {} : { doubt }),
        },
      ]),
    ),
    nuisances: [...fit.nuisances],
    abundances: Object.fromEntries(
      Object.entries(abundances).map(([name, { value, sigma, flags }]) => [
        name,
        { value: finite(value), sigma: finite(sigma), flag: worstFlag(flags) },
      ]),
    ),
  };
}
