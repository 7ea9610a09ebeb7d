import { palettes } from '../../plots/palette.ts';
import { figureImage } from '../../plots/plotly.ts';
import type { ImageFormat } from '../../plots/plotly.ts';
import type { Figure } from '../../plots/figure.ts';

/** Figures are saved on white, whatever the page looks like: they go into papers. */
export const EXPORT_PALETTE = palettes.light;

/** Hands a file to the browser's downloads. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}

/** A file name without what file systems dislike, and without the spectrum's own suffix. */
export function fileStem(id: string): string {
  const stem = id.replace(/\.(fits|fit|csv|txt|dat)(\.gz)?$/i, '').replace(/[^\w.+-]+/g, '_');
  return stem === '' ? 'spectrum' : stem;
}

export async function saveFigure(
  figure: Figure,
  name: string,
  format: ImageFormat,
  size: { width: number; height: number },
): Promise<void> {
  download(`${name}.${format}`, await figureImage(figure, format, size));
}
