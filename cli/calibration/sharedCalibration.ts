/** What the shared data say of a model, as the input of a calibration: fits of all reference spectra beside the literature. */
import type { CalibrationInput } from '../../src/calibration/build.ts';
import type { RawSpectrum, SharedBirth } from '../../src/calibration/references.ts';
import { success, type Result } from '../../src/domain/result.ts';
import type { FittedReference } from './fitReferences.ts';
import { rawLabelsOfRecord } from './recordLabels.ts';
import { BLUE_RANGE } from './referenceSpectra.ts';
import { HYPATIA, SPOCS, sharedReferences, SUN } from './sharedReferences.ts';

export const CITATIONS = [
  {
    name: HYPATIA,
    use: 'T_eff, log g and [X/H] of stars of MILES and STELIB: the scale',
    citation:
      'Hypatia catalogue: Hinkel et al. 2014, AJ 148, 54. Spectra: MILES, Sánchez-Blázquez et al. 2006, MNRAS 371, 703; Falcón-Barroso et al. 2011, A&A 532, A95; STELIB, Le Borgne et al. 2003, A&A 402, 433',
  },
  { name: SPOCS, use: 'T_eff, log g, [Fe/H] of dwarfs by one analysis', citation: 'Brewer et al. 2016, ApJS 225, 32' },
  {
    name: SUN,
    use: 'T_eff, log g, [X/H] = 0',
    citation:
      'TSIS-1 Hybrid Solar Reference Spectrum: Coddington et al. 2021, Geophys. Res. Lett. 48, e2020GL091709; Coddington et al. 2023, Earth Space Sci. 10, e2022EA002637',
  },
] as const;

/** What is used beside stars with labels from elsewhere, for the file's text. */
export const METHOD =
  'Per label one robust least-squares problem: raw = truth + correction(T_eff, log g, [Fe/H]) + intrinsic scatter, reference = truth + zero point of its source + its error; truths are free. Members of a cluster share [X/H]; near-solar dwarfs of the field share [X/Fe]. Terms have ridge priors; form and strength by cross-validation over stars; scatter by nested cross-validation.';

const isBlue = ({ reference }: FittedReference): boolean => reference.range[1] === BLUE_RANGE[1];

/** Failure `FILE_UNREADABLE`. */
export async function sharedCalibration(
  shared: string,
  fitted: readonly FittedReference[],
  identity: CalibrationInput['identity'],
): Promise<Result<CalibrationInput>> {
  const references = await sharedReferences(shared);
  if (!references.ok) return references;
  const spectra = fitted.flatMap((one): (RawSpectrum & { readonly one: FittedReference })[] => {
    const { reference, record } = one;
    if (!record.ok) return [];
    return [{ id: reference.id, star: reference.star, raw: rawLabelsOfRecord(record, reference.range[1]), one }];
  });
  const blue = new Map(spectra.filter(({ one }) => isBlue(one)).map((spectrum) => [spectrum.id.replace('#blue', ''), spectrum]));
  const long = spectra.filter(({ one }) => !isBlue(one));
  const twoRanges = long.flatMap(({ id, raw }) => {
    const short = blue.get(id);
    return short === undefined ? [] : [{ id, blue: short.raw, long: raw }];
  });
  // Where a spectrum was fitted over both ranges, the survey's own counts.
  const counted = spectra.filter(({ id, one }) => !isBlue(one) || !long.some((other) => `${other.id}#blue` === id));
  const clusters = new Map<string, string[]>();
  for (const { id, one } of counted) {
    const { cluster } = one.reference;
    if (cluster !== undefined) clusters.set(cluster, [...(clusters.get(cluster) ?? []), id]);
  }
  return success({
    spectra: counted.map(({ id, star, raw }) => ({ id, star, raw })),
    references: references.value,
    scale: HYPATIA,
    exact: [SUN],
    clusters: [...clusters].map(([id, members]): SharedBirth => ({ id, spectra: members })),
    pairs: [],
    field: counted.filter(({ one }) => one.reference.library === 'lamost').map(({ id }) => id),
    identity,
    citations: CITATIONS,
    twoRanges,
    sun: counted.find(({ one }) => one.reference.library === 'sun')?.raw ?? null,
  });
}
