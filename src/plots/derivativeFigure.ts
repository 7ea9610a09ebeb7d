import { labelUnit } from '../domain/labels.ts';
import type { AxisRange, Figure, Trace } from './figure.ts';
import { axis, baseLayout } from './frame.ts';
import { labelMarkup } from './labelMarkup.ts';
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
}

/** The response of the spectrum to one label, its strongest features in view named by their rest wavelength. */
export function derivativeFigure(plot: DerivativePlot, palette: Palette): Figure {
  const { wavelength: x, derivative: y, window } = plot;
  const shown: readonly [number, number] = window ?? [x[0] ?? 0, x[x.length - 1] ?? 1];
  const [low, high] = fluxRange(x, y, window);
  const peaks = strongestPeaks(x, y, window, 7, (shown[1] - shown[0]) * 0.05);
  const reach = extremes(y, peaks, low, high);
  const trace: Trace = {
    type: 'scatter',
    mode: 'lines',
    name: `∂F/∂${labelMarkup(plot.label)}`,
    x,
    y,
    line: { width: 1, color: palette.derivative },
    hovertemplate: '%{y:.3~g}',
  };
  return {
    data: [trace],
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
      annotations: peaks.map((i) => ({
        x: x[i] ?? 0,
        y: y[i] ?? 0,
        text: ((x[i] ?? 0) / plot.shift).toFixed(0),
        showarrow: false,
        yanchor: (y[i] ?? 0) < 0 ? 'top' : 'bottom',
        font: { size: 10, color: palette.text },
      })),
    },
  };
}

/** A y range that holds zero, the bulk, the peaks and their names. */
function extremes(y: Float32Array, peaks: readonly number[], low: number, high: number): [number, number] {
  let bottom = Math.min(0, low);
  let top = Math.max(0, high);
  for (const i of peaks) {
    bottom = Math.min(bottom, y[i] ?? 0);
    top = Math.max(top, y[i] ?? 0);
  }
  const pad = Math.max(top - bottom, 1e-12) * 0.14;
  return [bottom - pad, top + pad];
}
