import { join } from 'node:path';
import type { CorrectedLabel } from '../../src/calibration/names.ts';
import { success, type Result } from '../../src/domain/result.ts';
import { readCsvTable } from './csvTable.ts';

/** A LAMOST star with the labels of the LASP pipeline: K, log10 cm s⁻², dex. */
export interface LamostStar {
  readonly name: string;
  readonly path: string;
  /** S/N in the g band, as the pipeline gives it. */
  readonly snrg: number;
  readonly lasp: Readonly<Record<CorrectedLabel, number>>;
}

/** The LAMOST DR10 stars of the shared data, with pipeline labels. Failure `FILE_UNREADABLE`. */
export async function lamostStars(shared: string): Promise<Result<LamostStar[]>> {
  const folder = join(shared, 'spectra', 'lamost-dr10');
  const rows = await readCsvTable(join(folder, 'labels.csv'));
  if (!rows.ok) return rows;
  const number = (text: string | undefined): number => (text === undefined || text === '' ? NaN : Number(text));
  return success(
    rows.value.flatMap((row) => {
      const name = row['file'];
      const lasp = { teff: number(row['lasp_teff']), logg: number(row['lasp_logg']), feh: number(row['lasp_feh']) };
      return name === undefined || !Object.values(lasp).every(Number.isFinite)
        ? []
        : [{ name, path: join(folder, name), snrg: number(row['snrg']), lasp }];
    }),
  );
}
