import type { Figure, Trace } from './figure.ts';
import { axis, baseLayout } from './frame.ts';
import type { Palette } from './palette.ts';

/** One element in the abundance plot, dex. */
export interface AbundancePoint {
  readonly element: string;
  readonly value: number;
  readonly sigma: number;
  readonly calibrated: number | null;
  readonly sigmaCalibrated: number | null;
  /** What calibration adds to σ: the scatter of its references; null where it is not calibrated. */
  readonly scatter: number | null;
  /** The prior, not the data, sets this value: drawn faint. */
  readonly priorDominated: boolean;
  /** The model does not describe the spectrum: drawn as a faint cross, not as a measurement. */
  readonly unreliable: boolean;
  /** True value of a simulated star. */
  readonly truth: number | null;
}

const errors = (values: number[], color: string) =>
  ({ type: 'data', array: values, visible: true, thickness: 1, width: 0, color }) as const;

/** [X/H] or [X/Fe] by element: raw hollow, calibrated full, the truth of a simulated star as a bar. */
export function abundanceFigure(points: readonly AbundancePoint[], scale: 'xh' | 'xfe', chosen: string, palette: Palette): Figure {
  const title = scale === 'xh' ? '[X/H] (dex)' : '[X/Fe] (dex)';
  const place = (i: number): number => i;
  const isFaint = (point: AbundancePoint): boolean => point.priorDominated || point.unreliable;
  const colours = points.map((point) => (isFaint(point) ? palette.faint : palette.raw));
  const raw: Trace = {
    type: 'scatter',
    mode: 'markers',
    name: 'raw',
    x: points.map((_, i) => place(i) - 0.12),
    y: points.map(({ value }) => value),
    customdata: points.map(({ element, sigma, unreliable }) => [element, sigma, unreliable ? ', unreliable' : '']),
    error_y: errors(
      points.map(({ sigma }) => sigma),
      palette.faint,
    ),
    marker: {
      symbol: points.map(({ unreliable }) => (unreliable ? 'x-thin' : 'circle-open')),
      size: 6,
      color: colours,
      line: { width: 1.5, color: colours },
    },
    hovertemplate: '%{customdata[0]} raw %{y:+.2f} ± %{customdata[1]:.2f}%{customdata[2]}<extra></extra>',
  };
  const kept = points.map((point, i) => ({ ...point, i })).filter((point) => point.calibrated !== null);
  const calibrated: Trace = {
    type: 'scatter',
    mode: 'markers',
    name: 'calibrated',
    x: kept.map(({ i }) => place(i) + 0.12),
    y: kept.map((point) => point.calibrated ?? NaN),
    customdata: kept.map(({ element, sigmaCalibrated }) => [element, sigmaCalibrated ?? NaN]),
    error_y: errors(
      kept.map((point) => point.sigmaCalibrated ?? 0),
      palette.calibrated,
    ),
    marker: { symbol: 'circle', size: 6, color: kept.map((point) => (isFaint(point) ? palette.faint : palette.calibrated)) },
    hovertemplate: '%{customdata[0]} calibrated %{y:+.2f} ± %{customdata[1]:.2f}<extra></extra>',
  };
  const known = points.map((point, i) => ({ ...point, i })).filter(({ truth }) => truth !== null);
  const truth: Trace = {
    type: 'scatter',
    mode: 'markers',
    name: 'truth',
    x: known.map(({ i }) => place(i)),
    y: known.map((point) => point.truth ?? NaN),
    customdata: known.map(({ element }) => [element]),
    marker: { symbol: 'line-ew-open', size: 14, color: palette.truth, line: { width: 2, color: palette.truth } },
    hovertemplate: '%{customdata[0]} true %{y:+.2f}<extra></extra>',
  };
  const at = points.findIndex(({ element }) => element === chosen);
  return {
    data: [truth, raw, calibrated],
    layout: {
      ...baseLayout(palette, `abundances-${scale}`),
      margin: { l: 64, r: 14, t: 8, b: 38 },
      hovermode: 'closest',
      xaxis: axis(palette, '', {
        tickvals: points.map((_, i) => i),
        // In two rows: thirty names in one run into each other on a small screen.
        ticktext: points.map(({ element }, i) => (i % 2 === 0 ? element : `<br>${element}`)),
        tickangle: 0,
        range: [-0.6, points.length - 0.4],
        fixedrange: true,
        showgrid: false,
      }),
      yaxis: axis(palette, title, { range: yRange(points), fixedrange: true, zeroline: true, zerolinecolor: palette.axis, nticks: 6 }),
      shapes: [
        ...bands(points, palette),
        ...(at < 0
          ? []
          : [
              {
                type: 'rect',
                layer: 'below',
                xref: 'x',
                yref: 'paper',
                x0: at - 0.5,
                x1: at + 0.5,
                y0: 0,
                y1: 1,
                fillcolor: palette.masked,
                line: { width: 0 },
              } as const,
            ]),
      ],
    },
  };
}

/** A band about each calibrated value: by how much references scatter about the calibration. */
const bands = (points: readonly AbundancePoint[], palette: Palette) =>
  points.flatMap(({ calibrated, scatter }, i) =>
    calibrated === null || scatter === null
      ? []
      : [
          {
            type: 'rect',
            layer: 'below',
            xref: 'x',
            yref: 'y',
            x0: i - 0.36,
            x1: i + 0.42,
            y0: calibrated - scatter,
            y1: calibrated + scatter,
            fillcolor: palette.carrier,
            line: { width: 0 },
          } as const,
        ],
  );

/** Holds every value with its error, and always ±0.5 around zero. */
function yRange(points: readonly AbundancePoint[]): [number, number] {
  let low = -0.5;
  let high = 0.5;
  for (const { value, sigma, calibrated, sigmaCalibrated, truth } of points) {
    for (const [centre, error] of [
      [value, sigma],
      [calibrated, sigmaCalibrated ?? 0],
      [truth, 0],
    ] as const) {
      if (centre === null || !Number.isFinite(centre + error)) continue;
      low = Math.min(low, centre - error);
      high = Math.max(high, centre + error);
    }
  }
  return [low - 0.08, high + 0.08];
}
