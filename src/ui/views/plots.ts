import type { EngineInfo } from '../../domain/client.ts';
import { isElement } from '../../domain/labels.ts';
import type { AbundancePoint } from '../../plots/abundanceFigure.ts';
import type { DerivativePlot } from '../../plots/derivativeFigure.ts';
import type { SpectrumPlot } from '../../plots/spectrumFigure.ts';
import type { Entry } from '../../state/entries.ts';
import { abundanceRows } from '../../state/results.ts';
import type { SessionState } from '../../state/store.ts';
import type { AbundanceScale, Frame } from '../../state/settings.ts';
import { overlay, shownWavelength, usedPixels } from '../../state/spectrumView.ts';

type Window = SessionState['window'];

/** What the flux and residual view draws for an entry. */
export function spectrumPlot(entry: Entry, frame: Frame, showLines: boolean, window: Window): SpectrumPlot {
  const shown = shownWavelength(entry, frame);
  const over = overlay(entry);
  return {
    id: entry.key,
    ...shown,
    flux: entry.spectrum.flux,
    ivar: entry.spectrum.ivar,
    fluxUnit: entry.spectrum.fluxUnit,
    model: over.model,
    continuum: over.continuum,
    residuals: over.residuals,
    used: usedPixels(entry),
    clipped: entry.run.kind === 'done' ? (entry.run.result.clipped ?? null) : null,
    showLines,
    window,
  };
}

/** The label whose derivative is shown: the chosen one, or the model's first where it has no such label. */
export function shownDerivative(engine: EngineInfo, wanted: string): string {
  const names = engine.info.labels.map(({ name }) => name as string);
  return names.includes(wanted) ? wanted : (names[0] ?? wanted);
}

/** What the derivative view draws: the model's own grid in the frame of the spectrum beside it, over the same wavelengths. */
export function derivativePlot(
  engine: EngineInfo,
  jacobian: SessionState['jacobian'],
  entry: Entry | null,
  wanted: string,
  frame: Frame,
  window: Window,
): DerivativePlot | null {
  const label = shownDerivative(engine, wanted);
  const derivative = jacobian?.values.derivatives[engine.info.labels.findIndex(({ name }) => name === label)];
  if (derivative === undefined) return null;
  const shown = entry === null ? null : shownWavelength(entry, frame);
  const shift = shown?.shift ?? 1;
  const pixels = shown?.wavelength;
  const whole: Window = pixels === undefined ? null : [pixels[0] ?? 0, pixels[pixels.length - 1] ?? 1];
  return {
    label,
    wavelength: shift === 1 ? engine.wavelength : engine.wavelength.map((value) => value * shift),
    frame: shown?.frame ?? 'rest',
    shift,
    derivative,
    window: window ?? whole,
  };
}

/** The points of the abundance plot; iron is left to the parameters where it would only repeat [Fe/H]. */
export function abundancePoints(entry: Entry, scale: AbundanceScale): AbundancePoint[] {
  if (entry.run.kind !== 'done') return [];
  return abundanceRows(entry.run.result, entry.run.calibrated, entry.spectrum.truth, scale).map((row) => ({
    element: row.name,
    value: row.value,
    sigma: row.sigma ?? 0,
    calibrated: row.calibrated,
    sigmaCalibrated: row.sigmaCalibrated,
    priorDominated: row.flags.includes('prior-dominated'),
    truth: row.truth,
  }));
}

export const elementOf = (derivative: string): string => (isElement(derivative) ? derivative : derivative === 'feh' ? 'Fe' : '');
/** The label behind a row of the abundance table. */
export const labelOf = (element: string): string => (element === 'Fe' ? 'feh' : element);
