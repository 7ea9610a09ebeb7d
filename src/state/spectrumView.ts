import type { DrawnModel } from '../domain/client.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { airToVacuumArray } from '../spectra/airVacuum.ts';
import type { Entry } from './entries.ts';
import type { Frame } from './settings.ts';

/** What lies over a spectrum now, on its own pixels. */
export interface Overlay {
  /** Where it comes from: said on the page, as the eye cannot tell. */
  readonly source: 'none' | 'searching' | 'fit' | 'sliders';
  readonly model: Float64Array | null;
  readonly continuum: Float64Array | null;
  readonly residuals: Float64Array | null;
}

const NOTHING: Overlay = { source: 'none', model: null, continuum: null, residuals: null };

/** Wavelengths as shown: Å, vacuum, and the frame that can be given (rest only once a velocity is known). */
export interface ShownWavelength {
  readonly wavelength: Float64Array;
  readonly frame: Frame;
  /** Shown over rest wavelength. */
  readonly shift: number;
}

export function vacuumWavelength(spectrum: Spectrum): Float64Array {
  return spectrum.medium === 'air' ? airToVacuumArray(spectrum.wavelength) : spectrum.wavelength;
}

export function shownWavelength({ spectrum, run }: Entry, wanted: Frame): ShownWavelength {
  const observed = vacuumWavelength(spectrum);
  if (run.kind === 'done') {
    const rest = run.result.restWavelength;
    const middle = rest.length >> 1;
    const ratio = (observed[middle] ?? 1) / (rest[middle] ?? 1);
    return wanted === 'rest' ? { wavelength: rest, frame: 'rest', shift: 1 } : { wavelength: observed, frame: 'observed', shift: ratio };
  }
  return { wavelength: observed, frame: spectrum.frame === 'rest' ? 'rest' : 'observed', shift: 1 };
}

/** (flux − model)·√ivar with NaN where a pixel carries no information: the residuals of a model still being searched for. */
export function plainResiduals(spectrum: Spectrum, model: Float64Array): Float64Array {
  return spectrum.flux.map((value, i) => {
    const weight = spectrum.ivar[i] ?? 0;
    return weight > 0 ? (value - (model[i] ?? NaN)) * Math.sqrt(weight) : NaN;
  });
}

const drawn = (source: Overlay['source'], { model, continuum, residuals }: DrawnModel): Overlay => ({
  source,
  model,
  continuum,
  residuals,
});

/** Best so far while a fit runs; then the sliders' model if they were moved; then the fit's. */
export function overlay({ spectrum, run, manual }: Entry): Overlay {
  if (run.kind === 'running') {
    const model = run.progress?.best?.model ?? null;
    return model === null ? NOTHING : { source: 'searching', model, continuum: null, residuals: plainResiduals(spectrum, model) };
  }
  if (manual !== null) return manual.drawn === null ? NOTHING : drawn('sliders', manual.drawn);
  if (run.kind === 'done') {
    const { modelFlux, continuum, residuals } = run.result;
    return { source: 'fit', model: modelFlux, continuum, residuals };
  }
  return NOTHING;
}

/** 0 where a pixel is left out: by the fit where there is one, by the survey's mask and empty weights before. */
export function usedPixels({ spectrum, run }: Entry): Uint8Array {
  if (run.kind === 'done') return run.result.used;
  return Uint8Array.from(spectrum.ivar, (weight, i) => (weight > 0 && (spectrum.mask?.[i] ?? 0) === 0 ? 1 : 0));
}
