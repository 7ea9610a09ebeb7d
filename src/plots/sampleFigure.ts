import type { Figure } from './figure.ts';
import { axis, baseLayout } from './frame.ts';
import type { Palette } from './palette.ts';

/** One star of a diagram. */
export interface SamplePoint {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  /** σ, null where it has none. */
  readonly xSigma: number | null;
  readonly ySigma: number | null;
  /** Drawn hollow. */
  readonly doubtful: boolean;
}

/** What a diagram of a sample shows. */
export interface SamplePlot {
  readonly id: string;
  readonly points: readonly SamplePoint[];
  readonly xTitle: string;
  readonly yTitle: string;
  /** Both axes run backwards: hot stars left and dwarfs below, as in a Kiel diagram. */
  readonly reversed: boolean;
  /** The star that is ringed. */
  readonly selected: string | null;
}

/** Stars of a sample in a plane of two labels, with their errors; a point's `customdata` is its star's key. */
export function sampleFigure({ id, points, xTitle, yTitle, reversed, selected }: SamplePlot, palette: Palette): Figure {
  const bars = (sigma: (point: SamplePoint) => number | null) =>
    ({
      type: 'data',
      array: points.map((point) => sigma(point) ?? 0),
      visible: true,
      thickness: 1,
      width: 0,
      color: palette.faint,
    }) as const;
  const ringed = points.filter(({ key }) => key === selected);
  const direction = reversed ? ({ autorange: 'reversed' } as const) : {};
  return {
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'stars',
        x: points.map(({ x }) => x),
        y: points.map(({ y }) => y),
        customdata: points.map(({ key }) => key),
        error_x: bars(({ xSigma }) => xSigma),
        error_y: bars(({ ySigma }) => ySigma),
        marker: {
          size: 6,
          symbol: points.map(({ doubtful }) => (doubtful ? 'circle-open' : 'circle')),
          color: points.map(({ doubtful }) => (doubtful ? palette.raw : palette.calibrated)),
        },
        hovertemplate: '%{customdata}<br>%{x}, %{y}<extra></extra>',
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: 'selected',
        x: ringed.map(({ x }) => x),
        y: ringed.map(({ y }) => y),
        hoverinfo: 'skip',
        marker: { size: 14, symbol: 'circle-open', color: palette.model, line: { width: 2, color: palette.model } },
      },
    ],
    layout: {
      ...baseLayout(palette, id),
      hovermode: 'closest',
      xaxis: axis(palette, xTitle, { nticks: 6, ...direction }),
      yaxis: axis(palette, yTitle, { nticks: 6, ...direction }),
    },
  };
}
