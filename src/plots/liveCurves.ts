/** The curves that follow a dragged slider, drawn on a canvas over the spectrum's figure: plotly takes ten times as long for the same. */
import type { Palette } from './palette.ts';
import { SPECTRUM_MARGIN, SPECTRUM_PANELS } from './spectrumFigure.ts';

/** A rectangle in pixels of the canvas, y downwards. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

type Range = readonly [low: number, high: number];

/** The box of one panel of a spectrum's figure of this size (CSS pixels). */
export function panelBox(size: { readonly width: number; readonly height: number }, panel: keyof typeof SPECTRUM_PANELS): Box {
  const { l, r, t, b } = SPECTRUM_MARGIN;
  const [low, high] = SPECTRUM_PANELS[panel];
  const height = size.height - t - b;
  return { left: l, top: t + (1 - high) * height, width: size.width - l - r, height: (high - low) * height };
}

/** Points of a curve in pixels: the values in view with one neighbour on either side, and NaN where there is a gap. */
export function curvePoints(x: Float64Array, y: Float64Array, xRange: Range, yRange: Range, box: Box): Float64Array {
  let first = 0;
  let last = x.length;
  while (first + 1 < x.length && (x[first + 1] ?? NaN) < xRange[0]) first++;
  while (last - 2 > first && (x[last - 2] ?? NaN) > xRange[1]) last--;
  const points = new Float64Array(2 * Math.max(0, last - first));
  for (let i = first; i < last; i++) {
    points[2 * (i - first)] = box.left + (((x[i] ?? NaN) - xRange[0]) / (xRange[1] - xRange[0])) * box.width;
    points[2 * (i - first) + 1] = box.top + (1 - ((y[i] ?? NaN) - yRange[0]) / (yRange[1] - yRange[0])) * box.height;
  }
  return points;
}

/** What is drawn: over `x` (Å as shown), on the axes that the figure has. */
export interface LiveCurves {
  readonly x: Float64Array;
  readonly model: Float64Array;
  readonly continuum: Float64Array;
  readonly residuals: Float64Array;
  readonly xRange: Range;
  readonly fluxRange: Range;
  readonly residualRange: Range;
}

/** Draws the curves anew on a canvas of `size` CSS pixels at `ratio` device pixels each. */
export function drawLiveCurves(
  canvas: HTMLCanvasElement,
  size: { readonly width: number; readonly height: number },
  ratio: number,
  { x, model, continuum, residuals, xRange, fluxRange, residualRange }: LiveCurves,
  palette: Palette,
): void {
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(ratio, ratio);
  const stroke = (y: Float64Array, yRange: Range, box: Box, colour: string, dash: number[]): void => {
    const points = curvePoints(x, y, xRange, yRange, box);
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
    context.beginPath();
    let pen = false;
    for (let i = 0; i < points.length; i += 2) {
      const [px = NaN, py = NaN] = [points[i], points[i + 1]];
      if (!Number.isFinite(py)) pen = false;
      else if (pen) context.lineTo(px, py);
      else {
        context.moveTo(px, py);
        pen = true;
      }
    }
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.setLineDash(dash);
    context.stroke();
    context.restore();
  };
  const flux = panelBox(size, 'flux');
  stroke(continuum, fluxRange, flux, palette.continuum, [2, 2]);
  stroke(model, fluxRange, flux, palette.model, []);
  stroke(residuals, residualRange, panelBox(size, 'residuals'), palette.residual, []);
}
