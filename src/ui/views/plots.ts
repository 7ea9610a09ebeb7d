import type { AbinitioDerivative, DrawnModel, EngineInfo } from '../../domain/client.ts';
import { isSolution } from '../../domain/fit.ts';
import { isElement } from '../../domain/labels.ts';
import type { Posterior } from '../../domain/posterior.ts';
import { pixelsOf } from '../../domain/problem.ts';
import type { AbundancePoint } from '../../plots/abundanceFigure.ts';
import type { CornerLabel } from '../../plots/cornerFigure.ts';
import type { DerivativePlot } from '../../plots/derivativeFigure.ts';
import type { ChainTrace } from '../../plots/traceFigure.ts';
import type { LinesOfStar } from '../../plots/lineNames.ts';
import type { SpectrumPlot } from '../../plots/spectrumFigure.ts';
import { convolveLnGrid } from '../../spectra/lsf.ts';
import type { Entry } from '../../state/entries.ts';
import type { FinishedFit } from '../../state/fitRun.ts';
import { bandOf, correlationOnScale, drawsOnScale, rowsOnScale } from '../../results/onScale.ts';
import { abundanceRows, type AbundanceScale, type ResultRow } from '../../results/rows.ts';
import type { SessionState } from '../../state/store.ts';
import { shownLabels } from '../../state/calibrations.ts';
import type { Frame, Settings, ShownValues } from '../../state/settings.ts';
import { overlay, plainResiduals, shownWavelength, usedPixels, type Overlay } from '../../state/spectrumView.ts';
import { shownStretches } from '../../state/stretches.ts';

type Window = SessionState['window'];
type SpectrumLook = Pick<Settings, 'showLines' | 'residualUnit'> & Partial<Pick<Settings, 'nameAllLines'>>;

/** 1 for the pixels that the fit took for cosmic rays or faults of the detector; null where none is known. */
export function clippedPixels({ run }: Entry): Uint8Array | null {
  return run.kind === 'done' && isSolution(run.result) ? pixelsOf(run.result.problem.data[0], 'clipped') : null;
}

/** σ of the model's error over a fit, shapes included, in the unit of the flux; null where none is known or another model is shown. */
export function modelSigma({ run, manual }: Entry): Float64Array | null {
  if (run.kind !== 'done' || manual !== null || !isSolution(run.result)) return null;
  const [{ modelError, scale }] = run.result.problem.data;
  if (modelError === undefined) return null;
  return modelError.sigma.map((value, p) => scale * Math.hypot(value, ...modelError.shapes.map((shape) => shape[p] ?? NaN)));
}

/** What the flux and residual view draws for an entry. */
export function spectrumPlot(
  entry: Entry,
  frame: Frame,
  { showLines, nameAllLines = false, residualUnit }: SpectrumLook,
  window: Window,
  lines: LinesOfStar | null = null,
): SpectrumPlot {
  const shown = shownWavelength(entry, frame);
  const over = overlay(entry);
  return {
    id: entry.key,
    ...shown,
    flux: entry.spectrum.flux,
    ivar: entry.spectrum.ivar,
    fluxUnit: entry.spectrum.fluxUnit,
    model: over.model,
    modelSigma: modelSigma(entry),
    continuum: over.continuum,
    residuals: residualUnit === 'noise' ? inNoise(entry, over) : over.residuals,
    residualUnit,
    used: usedPixels(entry),
    stretches: shownStretches(entry, frame),
    clipped: clippedPixels(entry),
    showLines,
    lines,
    nameAllLines,
    window,
  };
}

/** Residuals over the noise alone, where there are any. */
function inNoise({ spectrum }: Entry, { model, residuals }: Overlay): Float64Array | null {
  if (model === null || residuals === null) return residuals;
  return plainResiduals(spectrum, model).map((value, p) => (Number.isFinite(residuals[p] ?? NaN) ? value : NaN));
}

/** Residuals of a model under a moving slider, over the noise alone. */
export function liveResiduals(entry: Entry, drawn: DrawnModel): Float64Array {
  return inNoise(entry, { source: 'sliders', ...drawn }) ?? drawn.residuals;
}

/** The label whose derivative is shown: the chosen one, or the model's first where it has no such label. */
export function shownDerivative(engine: EngineInfo, wanted: string): string {
  const names = engine.info.labels.map(({ name }) => name as string);
  return names.includes(wanted) ? wanted : (names[0] ?? wanted);
}

/** What the derivative view draws: the model's own grid in the frame of the spectrum beside it, over the same wavelengths. */
export function derivativePlot(
  engine: EngineInfo,
  { jacobian, carriers, abinitio }: Pick<SessionState, 'jacobian' | 'carriers' | 'abinitio'>,
  entry: Entry | null,
  wanted: string,
  frame: Frame,
  window: Window,
  lines: LinesOfStar | null = null,
): DerivativePlot | null {
  const label = shownDerivative(engine, wanted);
  const derivative = jacobian?.values.derivatives[engine.info.labels.findIndex(({ name }) => name === label)];
  if (derivative === undefined) return null;
  const shown = entry === null ? null : shownWavelength(entry, frame);
  const shift = shown?.shift ?? 1;
  const pixels = shown?.wavelength;
  const whole: Window = pixels === undefined ? null : [pixels[0] ?? 0, pixels[pixels.length - 1] ?? 1];
  const shifted = (wavelength: Float64Array) => (shift === 1 ? wavelength : wavelength.map((value) => value * shift));
  const truth = abinitio?.label === label && abinitio.labels === jacobian?.labels ? abinitio.derivative : null;
  const { grid, resolvingPower } = engine.info;
  return {
    label,
    wavelength: shifted(engine.wavelength),
    frame: shown?.frame ?? 'rest',
    shift,
    // Like with like: the emulator's is brought to the resolution of the one it is compared with.
    derivative:
      truth === null ? derivative : Float32Array.from(convolveLnGrid(derivative, grid.lnStep, resolvingPower, truth.resolvingPower)),
    window: window ?? whole,
    lines,
    abinitio:
      truth === null || abinitio === null
        ? null
        : {
            name: abinitioName(truth, isNear(engine, truth, abinitio.labels)),
            near: isNear(engine, truth, abinitio.labels),
            wavelength: shifted(truth.wavelength),
            derivative: truth.derivative,
          },
    carriers: shown === null ? null : carriersOf(carriers, entry, label, shown.wavelength),
  };
}

/** How far the star of an ab initio derivative may be from the labels on show to be compared with: K, dex, dex. */
const NEAR = { teff: 150, logg: 0.3, feh: 0.2 } as const;

/** Whether the star of an ab initio derivative is near enough to `labels` for the two curves to be compared. */
export function isNear({ info }: Pick<EngineInfo, 'info'>, { star }: Pick<AbinitioDerivative, 'star'>, labels: Float64Array): boolean {
  return Object.entries(NEAR).every(([name, most]) => {
    const at = labels[info.labels.findIndex((label) => label.name === name)];
    return Math.abs((star[name] ?? NaN) - (at ?? NaN)) <= most;
  });
}

/** `ab initio, 5800 K, log g 4.40, [Fe/H] −0.10`; of a star that is not near, `a like star’s, 5800 K, …`. */
export function abinitioName({ star }: Pick<AbinitioDerivative, 'star'>, near = true): string {
  const number = (name: string, digits: number) => (star[name] ?? NaN).toFixed(digits).replace('-', '−');
  return `${near ? 'ab initio' : 'a like star’s, for its form alone'}, ${number('teff', 0)} K, log g ${number('logg', 2)}, [Fe/H] ${number('feh', 2)}`;
}

/** The pixels that a label of a finished fit is measured from; null where derivatives of other labels are on show, or they are not known yet. */
function carriersOf(
  carriers: SessionState['carriers'],
  entry: Entry | null,
  label: string,
  wavelength: Float64Array,
): DerivativePlot['carriers'] {
  if (entry?.run.kind !== 'done' || entry.manual !== null || carriers?.result !== entry.run.result) return null;
  const pixels = carriers.pixels[carriers.result.labels.findIndex(({ name }) => name === label)];
  return pixels === undefined ? null : { wavelength, pixels };
}

/** What calibration adds to the σ of a row: the scatter of its references about it. */
const scatterOf = ({ sigma, sigmaCalibrated }: ResultRow): number | null =>
  sigma === null || sigmaCalibrated === null ? null : Math.sqrt(Math.max(0, sigmaCalibrated ** 2 - sigma ** 2));

/** The points of the abundance plot; iron is left to the parameters where it would only repeat [Fe/H]. */
export function abundancePoints(entry: Entry, scale: AbundanceScale, values: ShownValues): AbundancePoint[] {
  if (entry.run.kind !== 'done') return [];
  const { result, calibrated } = entry.run;
  return abundanceRows(result, shownLabels(result, calibrated, values), entry.spectrum.truth, scale).map((row) => ({
    element: row.name,
    value: row.value,
    sigma: row.sigma ?? 0,
    calibrated: row.calibrated,
    sigmaCalibrated: row.sigmaCalibrated,
    scatter: scatterOf(row),
    priorDominated: row.flags.includes('prior-dominated'),
    unreliable: row.flags.includes('unreliable'),
    truth: row.truth,
  }));
}

/** The chosen labels of a sampled posterior on the scale that is shown, in its own order; none where there is none. */
export function cornerLabels(
  { run, spectrum }: Entry,
  chosen: readonly string[],
  { scale, values }: Pick<Settings, 'scale' | 'values'>,
): readonly CornerLabel[] {
  if (run.kind !== 'done' || run.result.posterior === undefined) return [];
  const { result, calibrated } = run;
  return rowsOnScale(result, shownLabels(result, calibrated, values), scale, spectrum.truth).flatMap((row) => {
    const draws = chosen.includes(row.name) ? drawsOnScale(result, row, scale) : null;
    return draws === null ? [] : [{ name: row.name, draws, quantiles: bandOf(row, draws), truth: row.truth }];
  });
}

/** The labels of a finished fit on the scale that is shown, and how they are correlated. */
export function correlations(
  { result, calibrated }: Pick<FinishedFit, 'result' | 'calibrated'>,
  { scale, values }: Pick<Settings, 'scale' | 'values'>,
): { readonly rows: readonly ResultRow[]; readonly matrix: readonly (readonly number[])[] } {
  const rows = rowsOnScale(result, shownLabels(result, calibrated, values), scale);
  return { rows, matrix: correlationOnScale(result, rows, scale) };
}

/** The kept draws of the chosen labels by chain, as they were sampled: raw, elements as [X/Fe]. */
export function keptTraces({ sample, labels }: Posterior, chosen: readonly string[]): readonly ChainTrace[] {
  return labels.flatMap(({ name }, i) => {
    const draws = sample.draws[i];
    if (draws === undefined || !chosen.includes(name)) return [];
    const each = Math.floor(draws.length / Math.max(1, sample.chains));
    return [{ label: name, chains: Array.from({ length: sample.chains }, (_, c) => draws.subarray(c * each, (c + 1) * each)) }];
  });
}

export const elementOf = (derivative: string): string => (isElement(derivative) ? derivative : derivative === 'feh' ? 'Fe' : '');
/** The label behind a row of the abundance table. */
export const labelOf = (element: string): string => (element === 'Fe' ? 'feh' : element);
