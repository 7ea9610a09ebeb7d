/** What a person set for one spectrum, beside the settings of all: how much of it there is, and whether the fit on show was made with it. */
import type { Spectrum } from '../domain/spectrum.ts';
import type { Entry } from './entries.ts';
import { givenChanged, givenOf } from './given.ts';
import { overruledOf, readingChanged } from './overruling.ts';
import { stretchesChanged, stretchesOf } from './stretches.ts';

/** What was changed since the fit on show, in words; empty where the fit is of what is set now, or where there is none. */
export function changedSinceFit(entry: Entry): readonly string[] {
  return [
    ...(stretchesChanged(entry) ? ['masks'] : []),
    ...(givenChanged(entry) ? ['known labels'] : []),
    ...(readingChanged(entry) ? ['the reading'] : []),
  ];
}

/** What is read otherwise than the file says, in words. */
function readingChanges(spectrum: Spectrum): readonly string[] {
  const { medium, frame, resolvingPower } = overruledOf(spectrum);
  return [
    ...(medium === undefined ? [] : [`read as ${medium}`]),
    ...(frame === undefined ? [] : [`${frame} frame`]),
    ...(resolvingPower === undefined ? [] : [`R = ${resolvingPower.toFixed(0)}`]),
  ];
}

/** What of a spectrum is set otherwise than for any new one, in words: `2 masks`, `log g given`. */
export function ownChanges(entry: Entry): readonly string[] {
  const [masks, known] = [stretchesOf(entry).length, Object.keys(givenOf(entry)).length];
  const counted = (count: number, one: string): readonly string[] =>
    count === 0 ? [] : [`${String(count)} ${one}${count === 1 ? '' : 's'}`];
  return [...counted(masks, 'mask'), ...counted(known, 'known label'), ...readingChanges(entry.spectrum)];
}
