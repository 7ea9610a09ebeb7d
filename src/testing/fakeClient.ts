import { CANCELLED } from '../domain/client.ts';
import type { AbinitioDerivative, DrawnModel, EngineInfo, FitClient, FitMemory, CalibratedFit, ModelOffer } from '../domain/client.ts';
import type { CalibratedLabels, FitOptions, FitProgress, FitResult, FittedLabel } from '../domain/fit.ts';
import type { LineTable } from '../domain/lineTable.ts';
import { isElement } from '../domain/labels.ts';
import type { Result } from '../domain/result.ts';
import { failed, success } from '../domain/result.ts';
import type { ReadOptions, Spectrum, Unsaid } from '../domain/spectrum.ts';
import { SIMULATED } from '../domain/survey.ts';
import { madeUpCore, madeUpProblem } from './problem.ts';
import { toyCard } from './toyCard.ts';
import { ToyEmulator, toyLabels } from './toyEmulator.ts';

const WAIT_MS = 15;
const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, WAIT_MS));

/** A client for tests of state and page: the toy emulator, and a "fit" that knows the answer and walks towards it. No physics. */
export class FakeClient implements FitClient {
  readonly emulator = new ToyEmulator();
  readonly solution = toyLabels(this.emulator, [5650, 4.2, 1.1, -0.15], (i) => 0.2 * Math.sin(i));
  readonly ready = Promise.resolve(success(this.engine(this.emulator.info.id)));
  /** What there is to choose from. */
  offers: readonly ModelOffer[] = [{ id: this.emulator.info.id, title: 'Analytic toy', bytes: 5_700_000, heldOutMae: 0.0022 }];
  /** The model that is open. */
  model = this.emulator.info.id;
  /** Options of every fit asked for, and what it was to go on from. */
  readonly asked: FitOptions[] = [];
  readonly resumed: unknown[] = [];
  redraws = 0;
  parallel = 1;
  /** Steps a fit takes. */
  steps = 4;

  /** A star on a coarser grid, with noise that is the same every time. */
  async star(id: string, simulated: boolean): Promise<Spectrum> {
    const wavelength = Float64Array.from({ length: 2800 }, (_, i) => 3950 * 1.0002 ** i);
    const model = await this.onPixels(wavelength, this.solution);
    const flux = model.map((value, i) => value * continuumAt(wavelength[i] ?? 0) * (1 + 0.02 * Math.sin(i * 12.9898) * Math.cos(i * 4.1)));
    return {
      id,
      survey: simulated ? SIMULATED : { name: 'LAMOST', mediumKnown: true },
      wavelength,
      medium: 'vacuum',
      frame: 'barycentric',
      flux,
      ivar: flux.map((value, i) => (i % 400 < 6 ? 0 : 1 / (0.02 * value) ** 2)),
      ivarIsMeasured: true,
      fluxUnit: 'arbitrary',
      lsf: { kind: 'resolving-power', resolvingPower: 1800 },
      snr: 50,
      simulated,
      meta: { exposure: '900 s' },
      ...(simulated
        ? { truth: { rv: 0, ...Object.fromEntries(this.emulator.info.labels.map(({ name }, i) => [name, this.solution[i] ?? NaN])) } }
        : {}),
    };
  }

  /** What is said of every file that is read. */
  readonly said: ReadOptions[] = [];

  /** A file whose name ends in `.txt` leaves medium and resolving power open, and answers are believed. */
  async read(name: string, bytes: Uint8Array, options: ReadOptions = {}): Promise<Result<readonly Spectrum[]>> {
    await wait();
    this.said.push(options);
    if (bytes.length === 0) return failed('EMPTY_FILE', `${name} holds 0 bytes.`, 'Choose another file.');
    const star = await this.star(name, false);
    if (!name.endsWith('.txt')) return success([star]);
    const unsaid: Unsaid[] = [
      ...(options.medium === undefined ? (['medium'] as const) : []),
      ...(options.resolvingPower === undefined ? (['resolvingPower'] as const) : []),
    ];
    return success([{ ...star, medium: options.medium ?? 'vacuum', reading: { layout: 'text: wave, flux', unsaid } }]);
  }

  fit(spectrum: Spectrum, options: FitOptions, onProgress: (progress: FitProgress) => void, memory: FitMemory = {}) {
    this.asked.push(options);
    this.resumed.push(memory.resume);
    memory.onCheckpoint?.({ after: this.steps });
    const state = { cancelled: false, held: false };
    return {
      result: this.walk(spectrum, options, onProgress, state),
      cancel: () => void (state.cancelled = true),
      pause: () => void (state.held = true),
      resume: () => void (state.held = false),
    };
  }

  private async walk(
    spectrum: Spectrum,
    options: FitOptions,
    onProgress: (progress: FitProgress) => void,
    state: { readonly cancelled: boolean; readonly held: boolean },
  ): Promise<Result<CalibratedFit>> {
    for (let step = 1; step <= this.steps; step++) {
      do await wait();
      while (state.held && !state.cancelled);
      if (state.cancelled) return failed(CANCELLED, `The fit of ${spectrum.id} was cancelled.`);
      const { model } = await this.redraw(spectrum, null, this.solution);
      const labels = Object.fromEntries(this.emulator.info.labels.map(({ name }, i) => [name, this.solution[i] ?? NaN]));
      onProgress({
        stage: 'optimise',
        message: `generation ${String(step)}`,
        fraction: step / this.steps,
        evaluations: 20 * step,
        chi2Reduced: 1 + 1 / step,
        best: { labels, model },
      });
    }
    const { model, continuum, residuals } = await this.redraw(spectrum, null, this.solution);
    const n = this.solution.length;
    const labels = this.emulator.info.labels.map(({ name }, i): FittedLabel => {
      const weak = isElement(name) && i % 3 === 0;
      const sigma = name === 'teff' ? 40 : weak ? 0.35 : 0.05;
      return { name, value: this.solution[i] ?? NaN, sigma, priorFraction: weak ? 0.9 : 0.1, flags: weak ? ['prior-dominated'] : [] };
    });
    const names = this.emulator.info.labels.map(({ name }) => name);
    const problem = { ...madeUpProblem(spectrum, names, this.model), labels: this.emulator.info.labels, options };
    const result: FitResult = {
      ...madeUpCore(problem),
      spectrumId: spectrum.id,
      simulated: spectrum.simulated,
      model: this.model,
      backend: this.emulator.backend,
      method: options.method,
      seed: options.seed,
      seconds: 0.1,
      evaluations: 20 * this.steps,
      converged: true,
      chi2Reduced: 1.02,
      pixelsUsed: 2758,
      rv: { value: 0, sigma: 1.2 },
      resolvingPower: 1800,
      snr: spectrum.snr,
      labels,
      covariance: Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? (labels[k / (n + 1)]?.sigma ?? 0) ** 2 : 0)),
      modelFlux: model,
      continuum,
      residuals,
      used: Uint8Array.from(spectrum.ivar, (weight) => (weight > 0 ? 1 : 0)),
      restWavelength: spectrum.wavelength,
      warnings: [],
    };
    return success({ result, calibrated: calibratedBy(result) });
  }

  async predict(labels: Float64Array): Promise<Float32Array> {
    const [flux] = await this.emulator.predict([labels]);
    return flux ?? new Float32Array();
  }

  async redraw(spectrum: Spectrum, _result: FitResult | null, labels: Float64Array): Promise<DrawnModel> {
    this.redraws++;
    const shape = await this.onPixels(spectrum.wavelength, labels);
    const continuum = spectrum.wavelength.map(continuumAt);
    const model = shape.map((value, i) => value * (continuum[i] ?? 0));
    const residuals = spectrum.flux.map((value, i) => {
      const weight = spectrum.ivar[i] ?? 0;
      return weight > 0 ? (value - (model[i] ?? 0)) * Math.sqrt(weight) : NaN;
    });
    return { model, continuum, residuals };
  }

  jacobian(labels: Float64Array) {
    return this.emulator.jacobian(labels);
  }

  /** A made-up fit has no curvature to tell them by. */
  carriers(): Promise<readonly Uint8Array[]> {
    return Promise.resolve([]);
  }

  /** Whether the model has an atlas of ab initio derivatives. */
  hasAtlas = false;

  async abinitio(label: string, labels: Float64Array): Promise<AbinitioDerivative | null> {
    const place = this.emulator.info.labels.findIndex(({ name }) => name === label);
    const { derivatives } = await this.emulator.jacobian(labels);
    const derivative = derivatives[place];
    if (!this.hasAtlas || derivative === undefined) return null;
    return { label, star: { teff: 5800, logg: 4.4, feh: 0 }, resolvingPower: 1800, wavelength: this.emulator.wavelength, derivative };
  }

  async demo(): Promise<Result<Spectrum>> {
    return success(await this.star('demo star', true));
  }

  async sample(id: string): Promise<Result<Spectrum>> {
    return success(await this.star(id, id !== 'sun'));
  }

  /** What `lineTable` answers. */
  lines: LineTable = {
    ...{ software: 'test', command: 'test', list: { name: 'test', citation: '', sha256: {} }, resolvingPower: 1800, species: ['Mg I'] },
    stars: [{ title: 'Sun', teff: 5772, logg: 4.44, vmic: 1, feh: 0, alpha: 0 }],
    wavelength: Float64Array.of(5185.05),
    speciesOf: Uint8Array.of(0),
    share: [Uint8Array.of(88)],
    width: [Float64Array.of(1600)],
  };

  lineTable(): Promise<Result<LineTable>> {
    return Promise.resolve(success(this.lines));
  }

  models() {
    return Promise.resolve(this.offers);
  }

  /** What `calibrations` answers. */
  calibrationFiles: readonly unknown[] = [];

  calibrations() {
    return Promise.resolve({ model: { id: this.model, weights: 'none' }, files: this.calibrationFiles });
  }

  /** The same emulator by another name. */
  async use(model: string): Promise<Result<EngineInfo>> {
    await wait();
    if (!this.offers.some(({ id }) => id === model)) return failed('MODEL_UNKNOWN', `There is no model "${model}".`, 'Choose another.');
    this.model = model;
    return success(this.engine(model));
  }

  private engine(id: string): EngineInfo {
    const { info, backend, wavelength } = this.emulator;
    return { info: { ...info, id }, card: toyCard({ ...info, id }), backend, wavelength };
  }

  private async onPixels(wavelength: Float64Array, labels: Float64Array): Promise<Float64Array> {
    const native = await this.predict(labels);
    const { lnStart, lnStep, count } = this.emulator.info.grid;
    return wavelength.map((value) => native[Math.max(0, Math.min(count - 1, Math.round((Math.log(value) - lnStart) / lnStep)))] ?? NaN);
  }
}

const NEVER = { value: NaN, sigma: NaN, calibrated: null, sigmaCalibrated: null, flags: [] } as const;
const continuumAt = (wavelength: number): number => 1000 * (1 + 0.4 * Math.sin(wavelength / 900));

/** Every parameter 0.01 too high, and every second element calibrated. */
function calibratedBy(result: FitResult): CalibratedLabels {
  const value = (name: string) => result.labels.find((label) => label.name === name) ?? { value: NaN, sigma: NaN, flags: [] };
  const feh = value('feh');
  const parameters = Object.fromEntries(
    ['teff', 'logg', 'vmic', 'feh'].map((name) => {
      const { value: raw, sigma, flags } = value(name);
      return [name, { value: raw, sigma, calibrated: raw - 0.01, sigmaCalibrated: sigma * 1.2, flags }];
    }),
  );
  const abundances = Object.fromEntries(
    result.labels
      .filter(({ name }) => isElement(name))
      .map(({ name, value: xfe, sigma, flags }, i) => {
        const calibrated = i % 2 === 0 ? xfe + feh.value - 0.03 : null;
        return [
          name,
          {
            value: xfe + feh.value,
            sigma: Math.hypot(sigma, feh.sigma),
            calibrated,
            sigmaCalibrated: calibrated === null ? null : Math.hypot(sigma, feh.sigma, 0.04),
            flags: calibrated === null ? ([...flags, 'uncalibrated'] as const) : flags,
          },
        ];
      }),
  );
  return { calibration: 'toy', parameters, abundances: { Fe: parameters.feh ?? NEVER, ...abundances } };
}
