/** Spectra that the page moves sliders over, kept by key in the worker, so that a tick of a slider sends labels alone. */
import type { EmulatorInfo } from '../domain/emulator.ts';
import { failed, success, type Result } from '../domain/result.ts';
import type { DrawingSubject } from './messages.ts';
import { drawingOf, drawingOfSpectrum, type Drawing } from './redraw.ts';

/** Drawings kept at most, the ones used last: each takes about a megabyte for 4000 pixels. */
const MOST = 8;

/** The code of a request for a drawing that is not (or no longer) kept: send it again. */
export const DRAWING_UNKNOWN = 'DRAWING_UNKNOWN';

export class Drawings {
  private readonly kept = new Map<string, Drawing>();

  constructor(private readonly info: EmulatorInfo) {}

  /** Keeps what models are to be drawn over. Failures: those of `prepareSpectrum`, for a spectrum without a fit. */
  keep(key: string, { spectrum, solution }: DrawingSubject): Result<{ readonly key: string }> {
    const drawing = solution === null ? drawingOfSpectrum(spectrum, this.info) : success(drawingOf(solution, this.info));
    if (!drawing.ok) return drawing;
    this.touch(key, drawing.value);
    return success({ key });
  }

  /** Failure `DRAWING_UNKNOWN`. */
  get(key: string): Result<Drawing> {
    const drawing = this.kept.get(key);
    if (drawing === undefined)
      return failed(DRAWING_UNKNOWN, `The worker does not hold the spectrum ${key}.`, 'Send the spectrum once more.');
    this.touch(key, drawing);
    return success(drawing);
  }

  /** A Map keeps the order of insertion: the first is the one used longest ago. */
  private touch(key: string, drawing: Drawing): void {
    this.kept.delete(key);
    this.kept.set(key, drawing);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MOST) return;
      this.kept.delete(oldest);
    }
  }
}
