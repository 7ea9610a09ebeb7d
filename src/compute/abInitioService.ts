/** Fits with the synthesis in place of a network, whose solution is the start; and checks of that solution by the synthesis. */
import type { CalibratedLabels, FitOptions, Solution } from '../domain/fit.ts';
import type { Result } from '../domain/result.ts';
import type { ReadOptions, Spectrum } from '../domain/spectrum.ts';
import { SPEED_OF_LIGHT_KMS, angstrom } from '../domain/units.ts';
import type { FitHooks } from '../fit/fitSpectrum.ts';
import { checkModel, type ModelCheck } from '../fit/modelCheck.ts';
import { refitSpectrum, type StartingFit } from '../fit/refitSpectrum.ts';
import { airToVacuum } from '../spectra/airVacuum.ts';
import { SynthesisEmulator } from '../synthesis/synthesisEmulator.ts';
import type { PhysicsTables } from '../synthesis/tables/tables.ts';
import type { FitService } from './service.ts';

/** Synthesised beyond the pixels of a fit, for velocities and the reach of kernels: km/s. */
const MARGIN_KMS = 600;
/** Ends of ranges are rounded to this (Å), so that spectra of one survey share an emulator. */
const ROUND = 10;

/** The wavelengths (Å, vacuum, rest frame) that the fit of a spectrum with velocity `rv` (km/s) needs. */
export function synthesisRange(spectrum: Spectrum, options: FitOptions, rv: number): readonly [number, number] {
  const vacuum = (value: number): number => (spectrum.medium === 'air' ? airToVacuum(angstrom(value)) : value);
  const shift = 1 + rv / SPEED_OF_LIGHT_KMS;
  const margin = 1 + MARGIN_KMS / SPEED_OF_LIGHT_KMS;
  const from = Math.max(options.range[0], vacuum(spectrum.wavelength[0] ?? NaN) / shift);
  const to = Math.min(options.range[1], vacuum(spectrum.wavelength.at(-1) ?? NaN) / shift);
  return [ROUND * Math.floor(from / margin / ROUND), ROUND * Math.ceil((to * margin) / ROUND)];
}

export class AbInitioService {
  /** Syntheses of the latest fit, without and with derivatives. */
  spent: { readonly spectra: number; readonly jacobians: number } = { spectra: 0, jacobians: 0 };
  private last: { readonly range: string; readonly emulator: SynthesisEmulator } | null = null;

  constructor(
    readonly network: FitService,
    private readonly tables: PhysicsTables,
    /** Name of the line list: it is part of the model's name in reports. */
    private readonly lines: string,
    private readonly stepKms?: number,
  ) {}

  /** The synthesis over a range, Å; the latest one is kept with its spectra. */
  emulator(range: readonly [number, number]): SynthesisEmulator {
    const key = range.join(' ');
    if (this.last?.range === key) return this.last.emulator;
    const emulator = new SynthesisEmulator(this.tables, {
      id: `ab-initio-${this.lines}`,
      title: `LTE synthesis, lines ${this.lines}`,
      range,
      ...(this.stepKms === undefined ? {} : { stepKms: this.stepKms }),
    });
    this.last = { range: key, emulator };
    return emulator;
  }

  read(name: string, bytes: Uint8Array, options: ReadOptions = {}): Promise<Result<Spectrum[]>> {
    return this.network.read(name, bytes, options);
  }

  /** The network's fit by Levenberg–Marquardt, then the synthesis from there. Failures: those of `fitSpectrum` and `refitSpectrum`. */
  async fit(spectrum: Spectrum, options: FitOptions, hooks: FitHooks = {}): Promise<Result<Solution>> {
    const start = await this.network.fit(spectrum, { ...options, method: 'lm' }, hooks);
    return start.ok ? this.fitFrom(spectrum, options, start.value, hooks) : start;
  }

  /** The fit from a solution that is known. Failures: those of `refitSpectrum`. */
  async fitFrom(spectrum: Spectrum, options: FitOptions, start: StartingFit, hooks: FitHooks = {}): Promise<Result<Solution>> {
    const emulator = this.emulator(synthesisRange(spectrum, options, start.rv.value));
    const { spectra, jacobians } = emulator;
    const fit = await refitSpectrum(spectrum, emulator, { ...options, method: 'lm' }, start, hooks);
    this.spent = { spectra: emulator.spectra - spectra, jacobians: emulator.jacobians - jacobians };
    return fit;
  }

  /** Raw labels: calibrations belong to networks. */
  calibrate(result: Solution): CalibratedLabels {
    return this.network.calibrate(result);
  }

  /** The network's error at its own solution. Failures: those of `checkModel`. */
  verify(solution: Solution): Promise<Result<ModelCheck>> {
    const [{ spectrum }] = solution.problem.data;
    const emulator = this.emulator(synthesisRange(spectrum, solution.problem.options, solution.rv.value));
    return checkModel(solution, this.network.emulator, emulator);
  }
}
