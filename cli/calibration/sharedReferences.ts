/** The table of references of the shared data: literature labels of library stars, and the Sun. */
import { join } from 'node:path';
import { success, type Result } from '../../src/domain/result.ts';
import { ELEMENTS } from '../../src/domain/labels.ts';
import type { CalibratedName } from '../../src/calibration/names.ts';
import { CALIBRATED_NAMES } from '../../src/calibration/names.ts';
import type { ReferenceLabel } from '../../src/calibration/references.ts';
import { readCsvTable } from '../files/csvTable.ts';
import { referenceErrors } from './referenceErrors.ts';
import { starName } from './starName.ts';

export const HYPATIA = 'Hypatia';
export const SPOCS = 'SPOCS';
export const SUN = 'Sun';

/** σ of SPOCS (Brewer et al. 2016, ApJS 225, 32, section 6): K, dex, dex. */
const SPOCS_SIGMA = { teff: 25, logg: 0.028, feh: 0.01 } as const;
/** The Sun is known better than anything we measure of it; a σ of nothing would break the weights. */
const SOLAR = { teff: 5772, logg: 4.438, sigma: { teff: 3, logg: 0.005, feh: 0.005 } } as const;

const number = (text: string | undefined): number => (text === undefined || text === '' ? NaN : Number(text));

type Row = Readonly<Record<string, string>>;

const hypatiaOf = (row: Row): { label: CalibratedName; value: number }[] => [
  { label: 'teff', value: number(row['hypatia_teff']) },
  { label: 'logg', value: number(row['hypatia_logg']) },
  { label: 'feh', value: number(row['Fe_H']) },
  ...ELEMENTS.map((element) => ({ label: element, value: number(row[`${element}_H`]) })),
];

/** All references, best first. Failure `FILE_UNREADABLE`. */
export async function sharedReferences(shared: string): Promise<Result<ReferenceLabel[]>> {
  const folder = (name: string): string => join(shared, 'spectra', name);
  const miles = await readCsvTable(join(folder('miles'), 'labels.csv'));
  if (!miles.ok) return miles;
  const spocs = await readCsvTable(join(folder('miles'), 'spocs.csv'));
  if (!spocs.ok) return spocs;
  const errors = referenceErrors(miles.value);
  const hypatia = miles.value.flatMap((row) =>
    hypatiaOf(row).flatMap(({ label, value }): ReferenceLabel[] =>
      Number.isFinite(value)
        ? [{ star: starName(row['miles_name'] ?? ''), source: HYPATIA, label, value, sigma: errors.sigmaOf(label, row) }]
        : [],
    ),
  );
  const homogeneous = spocs.value.flatMap((row) =>
    (['teff', 'logg', 'feh'] as const).flatMap((label): ReferenceLabel[] => {
      const value = number(row[label]);
      return Number.isFinite(value) ? [{ star: starName(row['star'] ?? ''), source: SPOCS, label, value, sigma: SPOCS_SIGMA[label] }] : [];
    }),
  );
  return success([...hypatia, ...homogeneous, ...solarReferences()]);
}

/** The Sun as a star whose labels are known. */
export const solarReferences = (): ReferenceLabel[] =>
  CALIBRATED_NAMES.map((label): ReferenceLabel => {
    const value = label === 'teff' || label === 'logg' ? SOLAR[label] : 0;
    return { star: SUN, source: SUN, label, value, sigma: label === 'teff' || label === 'logg' ? SOLAR.sigma[label] : SOLAR.sigma.feh };
  });
