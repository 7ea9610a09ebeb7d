/** A spectrum read otherwise than its file says: medium, frame and width of its lines, with what the file said kept beside. */
import { isSolution } from '../domain/fit.ts';
import type { AsRead, ReadOptions, Spectrum } from '../domain/spectrum.ts';
import type { Entry } from './entries.ts';

/** What a person may say against the file. */
export type Overruled = Partial<Pick<ReadOptions, 'medium' | 'frame' | 'resolvingPower'>>;

/** What the file said, or what was assumed where it says nothing. */
export function asRead({ asRead: before, medium, frame, lsf, source }: Spectrum): AsRead {
  return before ?? { medium, frame, lsf, ...(source?.reading === undefined ? {} : { reading: source.reading }) };
}

/** What of a spectrum is overruled now. */
export function overruledOf(spectrum: Spectrum): Overruled {
  const { medium, frame, lsf } = asRead(spectrum);
  return {
    ...(spectrum.medium === medium ? {} : { medium: spectrum.medium }),
    ...(spectrum.frame === frame ? {} : { frame: spectrum.frame }),
    ...(spectrum.lsf === lsf || spectrum.lsf.kind !== 'resolving-power' ? {} : { resolvingPower: spectrum.lsf.resolvingPower }),
  };
}

/**
 * The spectrum as `said` has it, and as its file has it in all else: the numbers of the file stay, what they mean changes. The source tells of it, so that a
 * fit of the results file reads it so again. With nothing said, it is the spectrum that was read.
 */
export function overruled(spectrum: Spectrum, said: Overruled): Spectrum {
  const file = asRead(spectrum);
  const { medium = file.medium, frame = file.frame, resolvingPower } = said;
  const lsf = resolvingPower === undefined ? file.lsf : ({ kind: 'resolving-power', resolvingPower } as const);
  const changed = medium !== file.medium || frame !== file.frame || lsf !== file.lsf;
  const read: Spectrum = without({ ...spectrum, medium, frame, lsf }, 'asRead');
  const reading = { ...file.reading, ...said };
  const source =
    spectrum.source === undefined || Object.keys(reading).length === 0
      ? spectrum.source && without(spectrum.source, 'reading')
      : { ...spectrum.source, reading };
  return { ...read, ...(source === undefined ? {} : { source }), ...(changed ? { asRead: file } : {}) };
}

/** A copy that lacks one optional field. */
function without<T extends object>(whole: T, name: keyof T): T {
  const copy = { ...whole };
  Reflect.deleteProperty(copy, name);
  return copy;
}

/** Whether the fit on show is of the spectrum as it was read before. */
export function readingChanged({ spectrum, run }: Entry): boolean {
  if (run.kind !== 'done' || !isSolution(run.result)) return false;
  const fitted = run.result.problem.data[0].spectrum;
  const sense = ({ medium, frame, lsf }: Spectrum): string => JSON.stringify([medium, frame, lsf]);
  return sense(fitted) !== sense(spectrum);
}
