/** What the name, unit, UCD and description of a column say: its role, which of several it belongs to, and how to read it. */
import { mediumInWords } from './fileMedium.ts';
import { angstromsPer } from './wavelengthUnit.ts';

export type ErrorRole = 'sigma' | 'ivar' | 'variance' | 'snr' | 'relative-sigma' | 'percent-sigma';
export type ColumnRole =
  'wavelength' | 'log-wavelength' | 'ln-wavelength' | 'flux' | ErrorRole | 'mask' | 'good' | 'or-mask' | 'resolving-power' | 'fwhm';

/** How a table describes a column, whatever its format. */
export interface ColumnDescription {
  readonly name: string;
  readonly unit?: string | null | undefined;
  readonly ucd?: string | null | undefined;
  readonly description?: string | null | undefined;
  /** False where `em.wl` says nothing of the medium, as in the VO at large; ESO's standard makes it vacuum. */
  readonly ucdSaysVacuum?: boolean;
}

export interface ColumnMeaning {
  readonly role: ColumnRole | null;
  /** Words of the name beyond the role, e.g. `noss`, `reduced`, `1`: a flux and its error share them. */
  readonly qualifiers: readonly string[];
  /** Å per unit, where the name or the unit gives one. */
  readonly angstroms: number | null;
  /** The unit as written. */
  readonly unit: string | null;
  readonly medium: 'air' | 'vacuum' | null;
}

const WAVE = /^(wave|waves|wavelengths?|wav|wl|wlen|lambda|lambdas|lam|λ|awav|spectralaxis|spectralcoord|angstroms?)$/;
const FLUX = /^(flux|fluxes|flam|flambda|fluxdensity|f|irradiance|intensity|counts|count|spec|spectrum|spectra|signal|data)$/;
const SIGMA =
  /^(sigma|sigmas|sig|err|errs|error|errors|e|unc|uncert|uncertainty|uncertainties|std|stddev|stdev|noise|rms|dflux|eflux|ferr)$/;
const IVAR = /^(ivar|invvar|weight|weights)$/;
const VARIANCE = /^(variance|var|variances)$/;
const SNR = /^(snr|sn|s2n|signaltonoise|snratio)$/;
const MASK = /^(mask|masks|qual|quality|flag|flags|dq|badpix|bad|bpm|pixmask|andmask|bitmask|maskbits|andmasks)$/;
const GOOD = /^(good|valid|goodpix|goodpixels|gpm)$/;
const RESOLUTION = /^(sres|specres|resolvingpower|respower|resolution)$/;
const FWHM = /^(fwhm|lsffwhm|fwhmlsf)$/;
/** Words that add nothing: units, media, statistics. */
const NEUTRAL =
  /^(in|of|per|the|nm|um|a|aa|ang|angstroms?|erg|s|cm|cm2|w|m2|air|vac|vacuum|obs|observed|helio|bary|cal|calib|calibrated|density|stat|flux|f|array|col|spec|spectrum|value)$/;

/** Joined where a name is written in several words or with capitals. */
const COMPOUND: readonly (readonly [RegExp, string])[] = [
  [/\[.*?\]|\(.*?\)\s*$/g, ' '],
  [/log_?10|log_?e\b/gi, ' log '],
  [/log_?(lambda|lam|wave\w*)/gi, ' log lam '],
  [/\bln_?(lambda|lam|wave\w*)/gi, ' ln lam '],
  [/inv(erse)?[_ ]?var(iance)?/gi, ' ivar '],
  [/signal[_ ]?to[_ ]?noise|\bs\/n\b/gi, ' snr '],
  [/and[_ ]?mask/gi, ' andmask '],
  [/or[_ ]?mask/gi, ' ormask '],
  [/spec(tral)?[_ ]?res\w*/gi, ' sres '],
  [/resolving[_ ]?power/gi, ' sres '],
  [/spectral[_ ]?(axis|coord)/gi, ' wave '],
  [/std[_ ]?dev/gi, ' std '],
  [/f[_ ]lam(bda)?\b/gi, ' flux '],
  [/fluxerr(or)?/gi, ' flux err '],
  [/fluxivar/gi, ' flux ivar '],
  [/flux(sig|unc|std|var)\w*/gi, ' flux $1 '],
  [/err(or)?flux/gi, ' err flux '],
  [/norm(ali[sz]ed)?flux/gi, ' norm flux '],
];

/** `errFlux_NoSS2` → err, flux, no, ss, 2. */
function words(name: string): string[] {
  let text = name;
  for (const [pattern, by] of COMPOUND) text = text.replace(pattern, by);
  return text
    .replace(/([a-z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(/([a-zλ]{3,})(\d+)/g, '$1 $2')
    .split(/[^a-z0-9λ/%]+/)
    .filter((word) => word !== '');
}

export function columnMeaning(column: string | ColumnDescription, unitGiven: string | null = null): ColumnMeaning {
  const described: ColumnDescription = typeof column === 'string' ? { name: column, unit: unitGiven } : column;
  const { name } = described;
  const bracketed = /[[(](.+?)[\])]\s*$/.exec(name)?.[1] ?? null;
  const unit = described.unit ?? bracketed;
  const parts = words(name);
  const { role, used } = roleOf(parts, unit, described.ucd?.toLowerCase() ?? '');
  const written = [...(unit === null ? [] : [unit]), ...parts.slice(1)];
  const factors = role === 'wavelength' ? written.map(angstromsPer).filter((factor) => factor !== null) : [];
  const isWave = role === 'wavelength' || role === 'log-wavelength' || role === 'ln-wavelength';
  return {
    role,
    qualifiers: parts.filter((part) => !used.has(part) && !NEUTRAL.test(part)),
    angstroms: factors[0] ?? null,
    unit: unit ?? null,
    medium: isWave ? mediumOfColumn(parts, { ...described, description: described.description ?? bracketed }) : null,
  };
}

function roleOf(
  parts: readonly string[],
  unit: string | null | undefined,
  ucd: string,
): { role: ColumnRole | null; used: ReadonlySet<string> } {
  const found = (pattern: RegExp): string | undefined => parts.find((part) => pattern.test(part));
  const is = (role: ColumnRole, ...used: (string | undefined)[]) => ({ role, used: new Set(used.filter((word) => word !== undefined)) });
  const [wave, flux] = [found(WAVE), found(FLUX)];
  if (parts.includes('log') && (wave ?? '') !== '') return is('log-wavelength', 'log', wave);
  if (parts[0] === 'loglam') return is('log-wavelength', 'loglam');
  if (parts.includes('ln') && wave !== undefined) return is('ln-wavelength', 'ln', wave);
  if (parts.includes('ormask')) return is('or-mask', 'ormask');
  for (const [role, pattern] of [
    ['mask', MASK],
    ['good', GOOD],
    ['ivar', IVAR],
    ['variance', VARIANCE],
    ['snr', SNR],
  ] as const) {
    const word = found(pattern);
    if (word !== undefined) return is(role, word, flux);
  }
  const sigma = found(SIGMA);
  if (sigma !== undefined && wave === undefined) {
    const relative = parts.find((part) => /^(percent|pct|%|perc|procent)$/.test(part));
    if (relative !== undefined || unit?.trim() === '%') return is('percent-sigma', sigma, flux, relative);
    const fractional = parts.find((part) => /^(rel|relative|fractional|frac)$/.test(part));
    if (fractional !== undefined) return is('relative-sigma', sigma, flux, fractional);
    return is('sigma', sigma, flux);
  }
  if (wave !== undefined && sigma === undefined) return is('wavelength', wave);
  const first = parts[0] ?? '';
  if (/^norm/.test(first) || parts.some((part) => /^norm/.test(part))) return is('flux', flux);
  if (flux !== undefined) return is('flux', flux);
  if (RESOLUTION.test(first)) return is('resolving-power', first);
  if (FWHM.test(first)) return is('fwhm', first);
  if (ucd.startsWith('em.wl')) return is('wavelength');
  if (ucd.startsWith('stat.error') && ucd.includes('phot.flux')) return is('sigma');
  if (ucd.startsWith('phot.flux')) return is('flux');
  return { role: null, used: new Set() };
}

/** The ESO science-data-product standard: `em.wl` is vacuum, `em.wl;obs.atmos` air (issue 8, section 5.2). */
function mediumOfColumn(parts: readonly string[], { ucd, description, ucdSaysVacuum }: ColumnDescription): 'air' | 'vacuum' | null {
  if (parts.includes('air') || parts.includes('awav')) return 'air';
  if (parts.includes('vac') || parts.includes('vacuum')) return 'vacuum';
  if (ucd) {
    const text = ucd.toLowerCase();
    if (text.includes('obs.atmos')) return 'air';
    if (text.startsWith('em.wl') && ucdSaysVacuum !== false) return 'vacuum';
  }
  return description ? mediumInWords(description) : null;
}

/** Inverse variances from a column of errors in its role; relative ones need the flux. */
export function toIvar(role: ErrorRole, values: Float64Array, flux: Float64Array): Float64Array {
  const inverse = (sigma: number): number => (sigma > 0 && Number.isFinite(sigma) ? 1 / (sigma * sigma) : 0);
  switch (role) {
    case 'ivar':
      return values;
    case 'variance':
      return values.map((v) => (v > 0 && Number.isFinite(v) ? 1 / v : 0));
    case 'sigma':
      return values.map(inverse);
    case 'snr':
      return values.map((v, i) => inverse(v > 0 ? Math.abs(flux[i] ?? NaN) / v : NaN));
    case 'relative-sigma':
      return values.map((v, i) => inverse(v * Math.abs(flux[i] ?? NaN)));
    case 'percent-sigma':
      return values.map((v, i) => inverse((v / 100) * Math.abs(flux[i] ?? NaN)));
  }
}

export function isErrorRole(role: ColumnRole | null): role is ErrorRole {
  return (
    role === 'sigma' || role === 'ivar' || role === 'variance' || role === 'snr' || role === 'relative-sigma' || role === 'percent-sigma'
  );
}
