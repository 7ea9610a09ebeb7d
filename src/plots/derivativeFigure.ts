import { isElement, labelUnit } from '../domain/labels.ts';
import type { AxisRange, Figure, Trace } from './figure.ts';
import { axis, baseLayout } from './frame.ts';
import { labelMarkup } from './labelMarkup.ts';
import { contributorsAt, contributorsTexts, type LinesOfStar } from './lineNames.ts';
import { maskedBoxes } from './masks.ts';
import type { Palette } from './palette.ts';
import { strongestPeaks } from './peaks.ts';
import { fluxRange } from './ranges.ts';

/** ∂F/∂label of the normalised flux on the model's own grid. */
export interface DerivativePlot {
  readonly label: string;
  /** Å, vacuum, in `frame`. */
  readonly wavelength: Float64Array;
  readonly frame: 'rest' | 'observed';
  /** λ in `frame` over rest λ: features are named by their rest wavelength. */
  readonly shift: number;
  readonly derivative: Float32Array;
  readonly window: AxisRange;
  /** The derivative the model was trained on, of a named star, on its own wavelengths (Å, vacuum, in `frame`); null where there is none. */
  readonly abinitio: {
    readonly name: string;
    /** Whether its star is near enough for the two curves to be compared. */
    readonly near: boolean;
    readonly wavelength: Float64Array;
    readonly derivative: Float32Array;
  } | null;
  /** Pixels of the spectrum (Å, vacuum, in `frame`) with 1 where the label is measured from them; null where nothing was measured. */
  readonly carriers: { readonly wavelength: Float64Array; readonly pixels: Uint8Array } | null;
  /** What lines are named by; null or absent where that is not known. */
  readonly lines?: LinesOfStar | null;
  /** Of the whole figure in CSS pixels, as far as it is known: names at peaks keep apart by it. */
  readonly width?: number;
}

/** A figure whose width nobody told, that of a name at a peak, and what is left and right of the axes, CSS pixels. */
const NARROW = 560;
const NAME = 32;
const MARGINS = 78;

/** The response of the spectrum to one label, its strongest features in view named by what makes them, as far as that is known, and their rest wavelength. */
export function derivativeFigure(plot: DerivativePlot, palette: Palette): Figure {
  const { wavelength: x, derivative: y, window } = plot;
  const shown: readonly [number, number] = window ?? [x[0] ?? 0, x[x.length - 1] ?? 1];
  const [low, high] = fluxRange(x, y, window);
  const apart = plot.lines == null ? 0.05 : Math.max(0.05, NAME / Math.max(NAME, (plot.width ?? NARROW) - MARGINS));
  const peaks = strongestPeaks(x, y, window, 7, (shown[1] - shown[0]) * apart);
  const reach = extremes(y, peaks, low, high, plot.lines == null ? ONE_LINE : TWO_LINES);
  const trace: Trace = {
    type: 'scatter',
    mode: 'lines',
    name: `∂F/∂${labelMarkup(plot.label)}`,
    x,
    y,
    line: { width: 1, color: palette.derivative },
    ...hoverOf(plot),
  };
  const data: Trace[] = [trace];
  if (plot.carriers !== null) {
    const boxes = maskedBoxes(
      plot.carriers.wavelength,
      plot.carriers.pixels.map((flag) => 1 - flag),
    );
    data.unshift({
      type: 'scatter',
      mode: 'lines',
      name: '90 % of the information',
      ...boxes,
      yaxis: 'y2',
      fill: 'toself',
      fillcolor: palette.carrier,
      line: { width: 0 },
      hoverinfo: 'skip',
    });
  }
  if (plot.abinitio !== null) {
    const { name, near, wavelength, derivative } = plot.abinitio;
    const line = { width: 1, color: near ? palette.model : palette.axis, dash: 'dash' } as const;
    data.push({ type: 'scatter', mode: 'lines', name, x: wavelength, y: derivative, line, hovertemplate: '%{y:.3~g}' });
  }
  return {
    data,
    layout: {
      ...baseLayout(palette, 'derivative'),
      xaxis: axis(palette, `Wavelength (Å, vacuum), ${plot.frame === 'rest' ? 'rest frame' : 'observed frame'}`, {
        range: [...shown],
        tickformat: 'd',
        hoverformat: '.1f',
      }),
      yaxis: axis(palette, `∂F/∂${labelMarkup(plot.label)} (${labelUnit(plot.label)}⁻¹)`, {
        range: reach,
        fixedrange: true,
        zeroline: true,
        zerolinecolor: palette.axis,
        nticks: 6,
      }),
      yaxis2: { overlaying: 'y', range: [0, 1], visible: false, fixedrange: true },
      annotations: peaks.map((i) => ({
        x: x[i] ?? 0,
        y: y[i] ?? 0,
        text: peakName(plot, (x[i] ?? 0) / plot.shift),
        showarrow: false,
        yanchor: (y[i] ?? 0) < 0 ? 'top' : 'bottom',
        font: { size: 10, color: palette.text },
      })),
    },
  };
}

const elementOf = ({ label }: DerivativePlot): string | null => (isElement(label) ? label : null);

/** `Mg I` over `5185` where the table of lines knows what of the label's element absorbs there (of any element, for labels that are none), else the wavelength. */
function peakName(plot: DerivativePlot, wavelength: number): string {
  const [line] = plot.lines == null ? [] : contributorsAt(plot.lines, wavelength, elementOf(plot));
  return line === undefined ? wavelength.toFixed(0) : `${line.species}<br>${line.wavelength.toFixed(0)}`;
}

/** What the pointer is told: the derivative, and the lines within one resolution element where they are known. */
function hoverOf(plot: DerivativePlot): Trace {
  const { wavelength, lines, shift } = plot;
  if (lines == null) return { hovertemplate: '%{y:.3~g}' };
  return { text: contributorsTexts(lines, wavelength, shift, elementOf(plot)), hovertemplate: '%{y:.3~g}%{text}' };
}

/** Share of the axis that a name at a peak takes, above and below. */
const ONE_LINE = 0.14;
const TWO_LINES = 0.24;

/** A y range that holds zero, the bulk, the peaks and their names. */
function extremes(y: Float32Array, peaks: readonly number[], low: number, high: number, room: number): [number, number] {
  let bottom = Math.min(0, low);
  let top = Math.max(0, high);
  for (const i of peaks) {
    bottom = Math.min(bottom, y[i] ?? 0);
    top = Math.max(top, y[i] ?? 0);
  }
  const pad = Math.max(top - bottom, 1e-12) * room;
  return [bottom - pad, top + pad];
}
