import type { LayoutAxis } from 'plotly.js';
import { labelUnit } from '../domain/labels.ts';
import { CELLS, centresOf, density1d, density2d, gridOver, levelHolding } from './density.ts';
import type { Contours, Figure, Trace } from './figure.ts';
import { axis, baseLayout } from './frame.ts';
import { labelMarkup } from './labelMarkup.ts';
import type { Palette } from './palette.ts';
import { twoTicks } from './twoTicks.ts';

/** Draws of one label. */
export interface CornerLabel {
  readonly name: string;
  readonly draws: Float64Array;
  /** 16, 50 and 84 %. */
  readonly quantiles: readonly [number, number, number];
  /** Of a simulated star. */
  readonly truth: number | null;
}

/** What one and two σ of a Gaussian hold in two dimensions. */
export const SHARES = [0.393, 0.865] as const;
const GAP = 0.012;

/** Densities of each label on the diagonal, of each pair below it with contours that hold 39 and 86 %. */
export function cornerFigure(labels: readonly CornerLabel[], palette: Palette, scale: 'xh' | 'xfe' = 'xfe'): Figure {
  const n = labels.length;
  const data: Figure['data'] = [];
  const axes: Record<string, Partial<LayoutAxis>> = {};
  const grids = labels.map(({ draws }) => gridOver(draws));
  const size = 1 / Math.max(1, n);
  const span = (k: number): [number, number] => [k * size + GAP / 2, (k + 1) * size - GAP / 2];
  const title = (name: string) => `${labelMarkup(name, scale)}${labelUnit(name) === 'dex' ? '' : ` (${labelUnit(name)})`}`;
  labels.forEach((row, i) => {
    labels.slice(0, i + 1).forEach((column, j) => {
      const [gridX, gridY] = [grids[j], grids[i]];
      if (gridX === undefined || gridY === undefined) return;
      const name = (i * (i + 1)) / 2 + j === 0 ? '' : String((i * (i + 1)) / 2 + j + 1);
      const [x, y] = [`x${name}`, `y${name}`];
      const bottom = i === n - 1;
      const range = ({ low, step }: typeof gridX): [number, number] => [low, low + CELLS * step];
      axes[`xaxis${name}`] = axis(palette, bottom ? title(column.name) : '', {
        domain: span(j),
        anchor: y as 'y',
        range: range(gridX),
        showticklabels: bottom,
        ...twoTicks(...range(gridX)),
        tickangle: 0,
        tickfont: { size: 9 },
        showgrid: false,
        fixedrange: true,
      });
      axes[`yaxis${name}`] = axis(palette, j === 0 && i > 0 ? title(row.name) : '', {
        domain: span(n - 1 - i),
        anchor: x as 'x',
        ...(i === j ? {} : { range: range(gridY) }),
        showticklabels: j === 0 && i > 0,
        ...twoTicks(...range(gridY)),
        tickfont: { size: 9 },
        showgrid: false,
        fixedrange: true,
      });
      data.push(...(i === j ? diagonal(column, gridX, x, y, palette) : pair(column, row, gridX, gridY, x, y, palette)));
    });
  });
  return {
    data,
    layout: { ...baseLayout(palette, 'corner'), ...axes, margin: { l: 58, r: 12, t: 8, b: 40 }, hovermode: 'closest', dragmode: false },
  };
}

type Grid = ReturnType<typeof gridOver>;

function diagonal({ name, draws, quantiles, truth }: CornerLabel, grid: Grid, xaxis: string, yaxis: string, palette: Palette): Trace[] {
  const y = density1d(draws, grid);
  const top = y.reduce((high, value) => Math.max(high, value), 0);
  const upright = (at: number, trace: Trace): Trace => ({
    type: 'scatter',
    mode: 'lines',
    x: [at, at],
    y: [0, top],
    xaxis,
    yaxis,
    hoverinfo: 'skip',
    ...trace,
  });
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name: `density of ${name}`,
      x: centresOf(grid),
      y,
      xaxis,
      yaxis,
      fill: 'tozeroy',
      fillcolor: palette.band,
      line: { width: 0.75, color: palette.residual },
      hoverinfo: 'skip',
    },
    ...quantiles.map((at, k) =>
      upright(at, {
        name: `${String([16, 50, 84][k])} % of ${name}`,
        line: { width: 1, color: palette.model, dash: k === 1 ? 'solid' : 'dot' },
      }),
    ),
    ...(truth === null ? [] : [upright(truth, { name: `truth of ${name}`, line: { width: 1.5, color: palette.truth } })]),
  ];
}

function pair(
  column: CornerLabel,
  row: CornerLabel,
  gridX: Grid,
  gridY: Grid,
  xaxis: string,
  yaxis: string,
  palette: Palette,
): (Trace | Contours)[] {
  const z = density2d(column.draws, row.draws, gridX, gridY);
  const [inner, outer] = [levelHolding(z, SHARES[0]), levelHolding(z, SHARES[1])];
  const contours: Contours = {
    type: 'contour',
    name: `${row.name} against ${column.name}`,
    x: centresOf(gridX),
    y: centresOf(gridY),
    z: z.map((cells) => Array.from(cells)),
    xaxis,
    yaxis,
    contours: { coloring: 'fill', start: outer, end: inner, size: Math.max(inner - outer, Number.MIN_VALUE) },
    // Below the outer level nothing, between the two a band, within the inner one a stronger one.
    colorscale: [
      [0, palette.paper],
      [0.5, palette.grid],
      [1, palette.faint],
    ],
    line: { width: 0.75, color: palette.residual },
    showscale: false,
    hoverinfo: 'skip',
  };
  if (column.truth === null || row.truth === null) return [contours];
  const truth: Trace = {
    type: 'scatter',
    mode: 'markers',
    name: 'truth',
    x: [column.truth],
    y: [row.truth],
    xaxis,
    yaxis,
    marker: { symbol: 'cross-thin-open', size: 9, color: palette.truth, line: { width: 2, color: palette.truth } },
    hoverinfo: 'skip',
  };
  return [contours, truth];
}
