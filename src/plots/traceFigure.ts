import type { LayoutAxis } from 'plotly.js';
import { labelUnit } from '../domain/labels.ts';
import type { Figure, Trace } from './figure.ts';
import { axis, baseLayout } from './frame.ts';
import { labelMarkup } from './labelMarkup.ts';
import type { Palette } from './palette.ts';
import { twoTicks } from './twoTicks.ts';

/** The draws of one label, an array per chain. */
export interface ChainTrace {
  readonly label: string;
  readonly chains: readonly Float64Array[];
}

const GAP = 0.06;

/** From the least to the largest draw, with some room, so that ticks of neighbouring panels keep apart. */
function rangeOf(chains: readonly Float64Array[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const draws of chains)
    for (const value of draws) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  const room = 0.05 * (high - low) || Math.max(1e-6, 1e-6 * Math.abs(low));
  return [low - room, high + room];
}

/** Labels over one axis of draws, a panel each, a colour per chain: chains that agree cannot be told apart. */
export function traceFigure(traces: readonly ChainTrace[], palette: Palette): Figure {
  const colours = [palette.continuum, palette.model, palette.calibrated, palette.truth];
  const axes: Record<string, Partial<LayoutAxis>> = {};
  const n = Math.max(1, traces.length);
  const data = traces.flatMap(({ label, chains }, i): Trace[] => {
    const yaxis = i === 0 ? 'y' : `y${String(i + 1)}`;
    const unit = labelUnit(label);
    const range = rangeOf(chains);
    axes[`yaxis${i === 0 ? '' : String(i + 1)}`] = axis(palette, `${labelMarkup(label)}${unit === 'dex' ? '' : ` (${unit})`}`, {
      domain: [1 - (i + 1) / n + (i === n - 1 ? 0 : GAP / n), 1 - i / n],
      fixedrange: true,
      range,
      ...twoTicks(...range),
      tickfont: { size: 9 },
    });
    return chains.map((draws, c) => ({
      type: 'scatter',
      mode: 'lines',
      name: `${label}, chain ${String(c + 1)}`,
      x: Float64Array.from(draws, (_, t) => t),
      y: draws,
      yaxis,
      line: { width: 1, color: colours[c % colours.length] ?? palette.data },
      hoverinfo: 'skip',
    }));
  });
  return {
    data,
    layout: {
      ...baseLayout(palette, 'traces'),
      ...axes,
      xaxis: axis(palette, 'Draw (thinned)', { anchor: n === 1 ? 'y' : (`y${String(n)}` as 'y'), fixedrange: true, showgrid: false }),
      dragmode: false,
    },
  };
}
