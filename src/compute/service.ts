import { calibrate } from '../calibration/apply.ts';
import type { Calibration } from '../calibration/schema.ts';
import type { DrawnModel, EngineInfo } from '../domain/client.ts';
import type { Emulator } from '../domain/emulator.ts';
import type { CalibratedLabels, FitOptions, Solution } from '../domain/fit.ts';
import type { ModelCard } from '../domain/modelCard.ts';
import type { Nature } from '../domain/nature.ts';
import type { ModelIdentity } from '../domain/problem.ts';
import { success, type Result } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { loadBundle } from '../emulator/bundle/bundle.ts';
import { createEmulator } from '../emulator/createEmulator.ts';
import { modelCard } from '../emulator/bundle/modelCard.ts';
import { fitSpectrum, type FitHooks } from '../fit/fitSpectrum.ts';
import { fitVisits, type JointSolution } from '../fit/jointFit.ts';
import { labelInfluence, smallestSet } from '../fit/information.ts';
import type { CancelSource } from '../fit/pacer.ts';
import { tuningFor } from '../fit/tuning.ts';
import { DEFAULT_LIMITS, type ReadLimits } from '../io/limits.ts';
import type { ReadOptions } from '../io/readOptions.ts';
import { readSpectra } from '../io/readSpectra.ts';
import { sha256 } from '../math/sha256.ts';
import type { Assets } from './assets.ts';
import { findCalibration } from './calibrations.ts';
import { Drawings } from './drawings.ts';
import { chooseModel } from './models.ts';
import { findNature } from './nature.ts';
import type { CarriedSolution, OpenOptions } from './messages.ts';
import { redraw } from './redraw.ts';

/** Everything done with one loaded model: the same in the page's worker and in the terminal. */
export class FitService {
  /** Spectra that models are drawn over. */
  readonly drawings: Drawings;

  constructor(
    readonly emulator: Emulator,
    readonly identity: ModelIdentity,
    readonly calibration: Calibration | null,
    readonly card: ModelCard,
    /** The model's error as measured on stars; null where nobody has. */
    readonly nature: Nature | null = null,
  ) {
    this.drawings = new Drawings(emulator.info);
  }

  /** Loads a bundle, checks it, chooses a backend, and finds the bundle's calibration. Failures: those of `chooseModel` and `loadBundle`. */
  static async open(assets: Assets, options: OpenOptions): Promise<Result<FitService>> {
    const model = await chooseModel(assets, options.model);
    if (!model.ok) return model;
    const bundle = await loadBundle(async (path) => {
      const bytes = await assets.read(`models/${model.value.id}/${path}`);
      if (!bytes.ok) throw new Error(bytes.failure.message);
      return bytes.value;
    });
    if (!bundle.ok) return bundle;
    const { manifest } = bundle.value;
    const emulator = await createEmulator(bundle.value, { backend: options.backend ?? 'auto' });
    const identity = { id: manifest.id, weights: manifest.weights.sha256 };
    const calibration = await findCalibration(assets, identity, options.calibration);
    if (!calibration.ok) return calibration;
    const nature = await findNature(assets, model.value, identity, options.nature);
    if (!nature.ok) return nature;
    return success(new FitService(emulator, identity, calibration.value, modelCard(manifest), nature.value), [
      ...bundle.warnings,
      ...calibration.warnings,
      ...nature.warnings,
    ]);
  }

  /** What tells fits of this service from those of another, beside options and code: the weights, and what is known of the model's error. */
  get key(): string {
    const { nature, identity } = this;
    if (nature === null) return identity.weights;
    const { date, stars, correlation, law } = nature;
    return `${identity.weights} ${JSON.stringify([date, stars, correlation, law])}`;
  }

  info(): EngineInfo {
    const { info, backend, wavelength } = this.emulator;
    return { info, card: this.card, backend, wavelength };
  }

  /** All spectra of one file, as far as this model can use them; each says which file it is from. `options` is what a person says of the file. */
  async read(name: string, bytes: Uint8Array, options: ReadOptions = {}): Promise<Result<Spectrum[]>> {
    const { grid, resolvingPower } = this.emulator.info;
    const range = [Math.exp(grid.lnStart), Math.exp(grid.lnStart + (grid.count - 1) * grid.lnStep)] as const;
    const limits: ReadLimits = { ...DEFAULT_LIMITS, range, maxResolvingPower: resolvingPower };
    const read = readSpectra(name, bytes, limits, options);
    if (!read.ok) return read;
    const hash = await sha256(bytes);
    const spectra = read.value.map((spectrum, index) => ({
      ...spectrum,
      source: { name, sha256: hash, index, ...(Object.keys(options).length === 0 ? {} : { reading: options }) },
    }));
    return success(spectra, read.warnings);
  }

  fit(spectrum: Spectrum, options: FitOptions, hooks: FitHooks = {}): Promise<Result<Solution>> {
    return fitSpectrum(spectrum, this.emulator, options, hooks, tuningFor(spectrum, this.emulator.info, this.nature));
  }

  /** One star from the fits of its visits, made with this model. Failures: those of `fitVisits`. */
  fitVisits(fits: readonly [Solution, ...Solution[]], isCancelled?: CancelSource): Promise<Result<JointSolution>> {
    return fitVisits(fits, this.emulator, isCancelled);
  }

  /** Normalised flux on the native grid. */
  async predict(labels: Float64Array): Promise<Float32Array> {
    const [flux] = await this.emulator.predict([labels]);
    if (flux === undefined) throw new Error('the emulator gave no spectrum');
    return flux;
  }

  /** A model over a spectrum that `drawings` keeps. Failures: `DRAWING_UNKNOWN`, `NOTHING_TO_DRAW`. */
  async redraw(key: string, labels: Float64Array, rv: number): Promise<Result<DrawnModel>> {
    const drawing = this.drawings.get(key);
    return drawing.ok ? redraw(drawing.value, await this.predict(labels), rv) : drawing;
  }

  /** Per label of a fit made with this model, the fewest pixels that carry 90 % of what is known of it; none for a fit of another model. */
  async carriers(solution: CarriedSolution): Promise<readonly Uint8Array[]> {
    const { info } = this.emulator;
    if (solution.problem.model.id !== info.id) return [];
    const jacobian = await this.emulator.jacobian(Float64Array.from(solution.labels, ({ value }) => value));
    return labelInfluence({ info, jacobian, solution }).map((influence) => smallestSet(influence));
  }

  /** Labels of a fit made with this model, calibrated; raw where the spectrum is simulated: a calibration corrects models against nature. */
  calibrate(result: Solution): CalibratedLabels {
    const { id, weights } = result.problem.model;
    const own = !result.simulated && id === this.identity.id && (weights === '' || weights === this.identity.weights);
    return calibrate(result, own ? this.calibration : null);
  }
}
