/** The stars whose lines correct a line list. A star that cannot be read is named and left out; the others go on. */
import type { ObservedStar } from '../../src/synthesis/correction/observedStar.ts';
import { sharpStar, SHARP_STARS } from './highRes.ts';
import { MILES_STARS, milesStar } from './miles.ts';
import { atlasSun, harpsSun, saoSun, tsisSun } from './sun.ts';

/** Reads the observations of the shared folder `spectra`; `report` is given each star that cannot be read, with the reason. */
export function readObservedStars(spectra: string, report: (message: string) => void): ObservedStar[] {
  const sources: readonly (readonly [string, () => readonly ObservedStar[]])[] = [
    ['Sun HARPS', () => harpsSun(spectra)],
    ['Sun atlas', () => atlasSun(spectra)],
    ['Sun SAO', () => saoSun(spectra)],
    ['Sun TSIS', () => tsisSun(spectra)],
    ...SHARP_STARS.map((name) => [name, () => [sharpStar(spectra, name)]] as const),
    ...MILES_STARS.map((name) => [`MILES ${name}`, () => [milesStar(spectra, name)]] as const),
  ];
  return sources.flatMap(([name, read]) => {
    try {
      return read();
    } catch (error) {
      report(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
}
