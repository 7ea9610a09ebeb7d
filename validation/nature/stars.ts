/** The development stars whose spectra tell how far a model misses nature, with what others say of them. */
import { join } from 'node:path';
import { success, type Result } from '../../src/domain/result.ts';
import { lamostStars } from '../../cli/files/lamostStars.ts';
import { readCsvTable } from '../../cli/files/csvTable.ts';

export interface DevelopmentStar {
  readonly name: string;
  readonly source: 'MILES' | 'LAMOST' | 'STELIB' | 'Sun';
  /** `sun`: the solar reference. */
  readonly path: string;
  /** Columns of the table of literature labels. */
  readonly literature: Readonly<Record<string, string>>;
  /** What is measured on one half is tried on the other. */
  readonly half: 'A' | 'B';
}

/** LAMOST's spectra of a lower S/N in g show their noise. */
const LEAST_SNR = 50;
/** Beyond these (K) the models end; labels of the table. */
const RANGE = [3900, 7100] as const;

/** All development stars, those outside the models' range by their table left out. Failures `FILE_UNREADABLE`. */
export async function developmentStars(shared: string): Promise<Result<DevelopmentStar[]>> {
  const spectra = join(shared, 'spectra');
  const stars: Omit<DevelopmentStar, 'half'>[] = [{ name: 'Sun', source: 'Sun', path: 'sun', literature: {} }];
  for (const [source, folder] of [
    ['MILES', 'miles'],
    ['STELIB', 'stelib'],
  ] as const) {
    const rows = await readCsvTable(join(spectra, folder, 'labels.csv'));
    if (!rows.ok) return rows;
    for (const row of rows.value) {
      const teff = Number(row['teff_miles'] === '' ? row['hypatia_teff'] : row['teff_miles']);
      const file = row['file'] ?? '';
      if (file !== '' && teff > RANGE[0] && teff < RANGE[1])
        stars.push({ name: file, source, path: join(spectra, folder, file), literature: row });
    }
  }
  const lamost = await lamostStars(shared);
  if (!lamost.ok) return lamost;
  for (const { name, path, snrg, lasp } of lamost.value)
    if (snrg > LEAST_SNR && lasp.teff > RANGE[0] && lasp.teff < RANGE[1]) stars.push({ name, source: 'LAMOST', path, literature: {} });
  const seen = new Map<string, number>();
  return success(
    stars.map((star) => {
      const k = seen.get(star.source) ?? 0;
      seen.set(star.source, k + 1);
      return { ...star, half: k % 2 === 0 ? 'A' : 'B' };
    }),
  );
}
