import type { Layout, LayoutAxis } from 'plotly.js';
import type { Palette } from './palette.ts';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** What every figure shares: fonts, colours, no legend, drag zooms. */
export function baseLayout(palette: Palette, revision: string): Partial<Layout> {
  return {
    autosize: true,
    paper_bgcolor: palette.paper,
    plot_bgcolor: palette.paper,
    font: { family: FONT, size: 11, color: palette.text },
    margin: { l: 64, r: 14, t: 8, b: 36 },
    showlegend: false,
    hovermode: 'x',
    hoverlabel: { font: { family: FONT, size: 11 } },
    dragmode: 'zoom',
    uirevision: revision,
  };
}

/** An axis with its title (units included), ticks outside and a quiet grid. */
export function axis(palette: Palette, title: string, more: Partial<LayoutAxis> = {}): Partial<LayoutAxis> {
  return {
    title: { text: title, standoff: 6, font: { size: 11, color: palette.text } },
    gridcolor: palette.grid,
    zeroline: false,
    showline: true,
    linecolor: palette.axis,
    linewidth: 1,
    ticks: 'outside',
    ticklen: 4,
    tickcolor: palette.axis,
    exponentformat: 'power',
    ...more,
  };
}
