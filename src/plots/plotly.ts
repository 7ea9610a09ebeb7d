import type { Figure } from './figure.ts';

/** plotly's core, which has scatter, fetched when the first figure is drawn. */
const loadCore = async () => (await import('plotly.js/lib/core')).default;

/** plotly for a figure: contours, which the corner plot alone has, come when they are asked for. */
export const loadPlotly = async (contours: boolean) => {
  if (!contours) return loadCore();
  const [plotly, { default: contour }] = await Promise.all([loadCore(), import('plotly.js/lib/contour')]);
  plotly.register(contour);
  return plotly;
};

/** Whether a figure has contours. */
export const hasContours = ({ data }: Figure): boolean => data.some(({ type }) => type === 'contour');

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
  const plotly = await loadPlotly(hasContours(figure));
  const url = await plotly.toImage(
    { data: figure.data, layout: figure.layout },
    { format, width: size.width, height: size.height, scale: format === 'png' ? 2 : 1 },
  );
  const comma = url.indexOf(',');
  if (format === 'svg') return new Blob([decodeURIComponent(url.slice(comma + 1))], { type: 'image/svg+xml' });
  const bytes = Uint8Array.from(atob(url.slice(comma + 1)), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: 'image/png' });
}
