import { SPECTRUM_MARGIN } from './spectrumFigure.ts';

/** Where a point of the spectrum's figure lies, and whether that is on the axis. */
interface PlacedPoint {
  /** Å as shown; the nearest end of the axis for points beside it. */
  readonly wavelength: number;
  readonly inside: boolean;
}

/** The wavelength under a point `x` pixels from the left of a spectrum's figure that is `width` pixels wide and shows `range` (Å). */
export function wavelengthAt(x: number, width: number, range: readonly [number, number]): PlacedPoint {
  const { l, r } = SPECTRUM_MARGIN;
  const fraction = (x - l) / Math.max(1, width - l - r);
  const within = Math.min(1, Math.max(0, fraction));
  return { wavelength: range[0] + within * (range[1] - range[0]), inside: within === fraction };
}

/** The other way round: pixels from the left of the figure. */
export function pixelOf(wavelength: number, width: number, range: readonly [number, number]): number {
  const { l, r } = SPECTRUM_MARGIN;
  return l + ((wavelength - range[0]) / (range[1] - range[0])) * (width - l - r);
}
