import { isElement } from '../domain/labels.ts';
import type { Figure, HeatMap } from './figure.ts';
import { axis, baseLayout } from './frame.ts';
import { labelMarkup } from './labelMarkup.ts';
import type { Palette } from './palette.ts';

/** Joins the names of a cell's two labels; no label has it in its name. */
const JOINT = '|';
/** The two labels of a cell that was clicked. */
export const pairOf = (key: string): readonly string[] => key.split(JOINT);

/** Moves every second name outwards: spaces that do not break. */
const INDENT = '\u00a0'.repeat(10);

/** Correlation coefficients of all labels as a heat map, −1 to 1; cells beside a label that was held stay empty. */
export function correlationFigure(
  names: readonly string[],
  matrix: readonly (readonly number[])[],
  palette: Palette,
  scale: 'xh' | 'xfe' = 'xfe',
): Figure {
  const titles = names.map((name) => labelMarkup(name, scale));
  const cells: HeatMap = {
    type: 'heatmap',
    name: 'correlation',
    x: titles,
    y: titles,
    z: matrix.map((row) => row.map((value) => (Number.isFinite(value) ? value : null))),
    customdata: names.map((row) => names.map((column) => `${row}${JOINT}${column}`)),
    zmin: -1,
    zmax: 1,
    colorscale: [
      [0, palette.continuum],
      [0.5, palette.paper],
      [1, palette.model],
    ],
    colorbar: { thickness: 8, len: 0.9, outlinewidth: 0, tickvals: [-1, 0, 1], ticktext: ['−1', '0', '+1'] },
    hoverongaps: false,
    hovertemplate: '%{y} and %{x}: %{z:+.2f}<extra></extra>',
  };
  // In two columns: thirty names in one run into each other on a small screen.
  const short = names.map((name, i) => `${isElement(name) ? name : labelMarkup(name)}${i % 2 === 0 ? '' : INDENT}`);
  const everyName = {
    type: 'category',
    fixedrange: true,
    showgrid: false,
    tickvals: titles,
    ticktext: short,
    tickfont: { size: 9 },
  } as const;
  return {
    data: [cells],
    layout: {
      ...baseLayout(palette, `correlation-${scale}`),
      margin: { l: 62, r: 10, t: 8, b: 76 },
      hovermode: 'closest',
      dragmode: false,
      xaxis: axis(palette, `elements as [X/${scale === 'xh' ? 'H' : 'Fe'}]`, { ...everyName, tickangle: -90 }),
      yaxis: axis(palette, '', { ...everyName, autorange: 'reversed' }),
    },
  };
}
