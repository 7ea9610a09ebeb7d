import { transfer } from 'comlink';
import type { EngineInfo } from '../domain/client.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { fetchedAssets, type Assets } from './assets.ts';
import { loadAtlas, nearestDerivative, type Atlas } from './atlas.ts';
import { Gate } from './gate.ts';
import { checkpointOf, resumable } from './checkpoint.ts';
import { loadDemoStar } from './demoStar.ts';
import { loadLineTable } from './lineTableFile.ts';
import { sampleStar } from './sampleStar.ts';
import { transferables, type WorkerApi } from './messages.ts';
import { offerCalibrations } from './calibrations.ts';
import { offerModels } from './models.ts';
import { FitService } from './service.ts';

/** What the worker exposes: the service, with every answer a `Result` and big arrays handed over rather than copied. */
export function createWorkerApi(): WorkerApi {
  let assets: Assets | null = null;
  let opened: Promise<Result<FitService>> = Promise.resolve(failed('NOT_OPEN', 'The model has not been opened.', 'Open it first.'));
  const cancelled = new Set<number>();
  const gates = new Map<number, Gate>();
  const gateOf = (job: number): Gate => {
    const gate = gates.get(job) ?? new Gate();
    gates.set(job, gate);
    return gate;
  };
  /** Fetched when a derivative is first asked for. */
  let atlas: { readonly model: string; readonly loaded: Promise<Result<Atlas | null>> } | null = null;
  /** Answers under way: a model is not taken from under them. */
  const pending = new Set<Promise<unknown>>();

  /** An answer from the opened service; an exception is our own bug, and crosses as a failure of its own. */
  const answer = <T extends object>(work: (service: FitService) => Result<T> | Promise<Result<T>>): Promise<Result<T>> => {
    const result = answerFrom(opened, work);
    pending.add(result);
    void result.finally(() => pending.delete(result));
    return result;
  };
  const answerFrom = async <T extends object>(
    open: Promise<Result<FitService>>,
    work: (service: FitService) => Result<T> | Promise<Result<T>>,
  ): Promise<Result<T>> => {
    try {
      const service = await open;
      if (!service.ok) return service;
      const result = await work(service.value);
      return result.ok ? transfer(result, transferables(result.value)) : result;
    } catch (error) {
      return bug(error);
    }
  };
  const withAssets = async <T>(work: (assets: Assets) => Promise<Result<T>>): Promise<Result<T>> =>
    assets === null ? failed('NOT_OPEN', 'The model has not been opened.', 'Open it first.') : work(assets).catch(bug);

  return {
    async open(base, options): Promise<Result<EngineInfo>> {
      const site = fetchedAssets(base);
      assets = site;
      const [earlier, before] = [opened, [...pending]];
      const opening = Promise.allSettled(before)
        .then(() => FitService.open(site, options))
        .catch(bug);
      opened = opening.then(async (service) => {
        const replaced = await earlier;
        if (!replaced.ok) return service;
        if (!service.ok) return replaced;
        replaced.value.emulator.dispose();
        return service;
      });
      await opened;
      const service = await opening;
      // The wavelengths are copied: the emulator keeps its own.
      return service.ok ? success(service.value.info(), service.warnings) : service;
    },
    read: (name, bytes, options) => answer((service) => service.read(name, bytes, options)),
    fit: (job, spectrum, options, onProgress, resume, onCheckpoint) =>
      answer(async (service) => {
        const run = resumable(service.identity, resume);
        try {
          const fit = await service.fit(spectrum, options, {
            onProgress,
            isCancelled: () => cancelled.has(job),
            held: gateOf(job).held,
            onCheckpoint: (reached) => {
              onCheckpoint(checkpointOf(service.identity, reached));
            },
            ...(run === undefined ? {} : { resume: run }),
          });
          return fit.ok ? success({ result: fit.value, calibrated: service.calibrate(fit.value) }, fit.warnings) : fit;
        } finally {
          cancelled.delete(job);
          gates.delete(job);
        }
      }),
    cancel: (job) => {
      cancelled.add(job);
      gates.get(job)?.open();
    },
    hold: (job, on) => {
      if (on) gateOf(job).close();
      else gates.get(job)?.open();
    },
    predict: (labels) => answer(async (service) => success(await service.predict(labels))),
    keepDrawing: (key, subject) => answer((service) => service.drawings.keep(key, subject)),
    redraw: (key, labels, rv) => answer((service) => service.redraw(key, labels, rv)),
    jacobian: (labels) => answer(async (service) => success(await service.emulator.jacobian(labels))),
    carriers: (solution) => answer(async (service) => success({ pixels: await service.carriers(solution) })),
    abinitio: (label, labels) =>
      answer(async ({ emulator }) => {
        const { id } = emulator.info;
        if (atlas?.model !== id) atlas = { model: id, loaded: assets === null ? Promise.resolve(success(null)) : loadAtlas(assets, id) };
        const loaded = await atlas.loaded;
        if (!loaded.ok) return loaded;
        return success({ found: loaded.value === null ? null : nearestDerivative(loaded.value, emulator.info, label, labels) });
      }),
    demo: () => withAssets(loadDemoStar),
    sample: (id) => answer(({ emulator }) => withAssets((site) => sampleStar(id, emulator, site))),
    lineTable: () => withAssets(loadLineTable),
    models: () => withAssets(offerModels),
    calibrations: () =>
      answer(async ({ identity }) =>
        assets === null
          ? success({ model: identity, files: [] })
          : success({ model: identity, files: await offerCalibrations(assets, identity) }),
      ),
  };
}

function bug(error: unknown): { ok: false; failure: { code: string; message: string; hint: string } } {
  const message = error instanceof Error ? error.message : String(error);
  return {
    ok: false,
    failure: {
      code: 'INTERNAL',
      message: `Something went wrong inside: ${message}.`,
      hint: 'Try again; if it returns, please report it with the spectrum.',
    },
  };
}
