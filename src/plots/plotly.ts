import type { Figure } from './figure.ts';

/** plotly's core, which has scatter, fetched when the first figure is drawn. */
const loadCore = async () => (await import('plotly.js/lib/core')).default;

/** plotly for a figure: contours and heat maps, which few figures have, come when they are asked for. */
export const loadPlotly = async (grids: boolean) => {
  if (!grids) return loadCore();
  const [plotly, { default: contour }, { default: heatmap }] = await Promise.all([
    loadCore(),
    import('plotly.js/lib/contour'),
    import('plotly.js/lib/heatmap'),
  ]);
  plotly.register([contour, heatmap]);
  return plotly;
};

/** Whether a figure has contours or a heat map. */
export const hasGrids = ({ data }: Figure): boolean => data.some(({ type }) => type === 'contour' || type === 'heatmap');

/** No logo, no mode bar, nothing that leaves the page. */
export const PLOT_CONFIG = {
  displaylogo: false,
  displayModeBar: false,
  showSendToCloud: false,
  doubleClick: false,
  showTips: false,
  scrollZoom: true,
  responsive: false,
} as const;

export type ImageFormat = 'png' | 'svg';

/** A figure as an image file; PNG at twice the size, so that it prints well. */
export async function figureImage(figure: Figure, format: ImageFormat, size: { width: number; height: number }): Promise<Blob> {
  const plotly = await loadPlotly(hasGrids(figure));
  const url = await plotly.toImage(
    { data: figure.data, layout: figure.layout },
    { format, width: size.width, height: size.height, scale: format === 'png' ? 2 : 1 },
  );
  const comma = url.indexOf(',');
  if (format === 'svg') return new Blob([decodeURIComponent(url.slice(comma + 1))], { type: 'image/svg+xml' });
  const bytes = Uint8Array.from(atob(url.slice(comma + 1)), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: 'image/png' });
}
