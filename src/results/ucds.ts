/** Unified Content Descriptors (IVOA UCD1+ 1.5) of the columns of results: tools such as TOPCAT find by them what a column is. */

/** Of T_eff, log g, v_mic and [Fe/H], by label. */
export const PARAMETER_UCDS: Readonly<Record<string, string>> = {
  teff: 'phys.temperature.effective',
  logg: 'phys.gravity',
  vmic: 'phys.veloc.microTurb',
  feh: 'phys.abund.Fe',
};

const NAMED: Readonly<Record<string, string>> = {
  file: 'meta.id;meta.file',
  id: 'meta.id;meta.main',
  failure: 'meta.code.error',
  note: 'meta.code.qual',
  comment: 'meta.note',
  object: 'meta.id',
  survey: 'meta.dataset',
  alerts: 'meta.code.qual',
  converged: 'meta.code.qual',
  snr_per_pixel: 'stat.snr',
  chi2_reduced: 'stat.fit.chi2',
  pixels_used: 'meta.number',
  resolving_power: 'spect.resolution',
  rv: 'spect.dopplerVeloc',
  rv_sigma: 'stat.error;spect.dopplerVeloc',
};

const ERRORS = /_(sigma|exposure_sigma|noise_sigma|model_sigma|network_sigma|cramer_rao|sigma_calibrated)$/;
const VALUES = /_(calibrated|q05|q16|q50|q84|q95)$/;
const LABEL = /^(teff|logg|vmic|feh|[A-Z][a-z]?_(?:H|Fe))$/;

/** What a column of results is; null for one that has no fitting word, as the reasons of flags. */
export function ucdOf(name: string): string | null {
  const named = NAMED[name];
  if (named !== undefined) return named;
  if (name.endsWith('_flag')) return 'meta.code.qual';
  const isError = ERRORS.test(name);
  const label = name.replace(ERRORS, '').replace(VALUES, '');
  if (!LABEL.test(label)) return null;
  const quantity = PARAMETER_UCDS[label] ?? 'phys.abund';
  return isError ? `stat.error;${quantity}` : quantity;
}
