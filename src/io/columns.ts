import { angstromsPer } from './wavelengthUnit.ts';

export type ColumnRole = 'wavelength' | 'log-wavelength' | 'flux' | 'sigma' | 'ivar' | 'variance';

/** What a column's name says, e.g. `wavelength_nm_vacuum`, `wave_air`, `Flux [erg/s/cm2/A]`. */
export interface ColumnMeaning {
  readonly role: ColumnRole | null;
  /** Å per unit, where the name (or `unit`) gives one. */
  readonly angstroms: number | null;
  /** The unit as written, for fluxes. */
  readonly unit: string | null;
  readonly medium: 'air' | 'vacuum' | null;
}

/** Tried in order: errors before fluxes, since `flux_error` is not a flux. */
const ROLES: readonly (readonly [ColumnRole, RegExp])[] = [
  ['log-wavelength', /^(log_?10|log_?lam|log_?lambda|log_?wave|loglam)/],
  ['wavelength', /^(wave|wav$|wl$|wl[_ ]|lambda|lam$|lam[_ ]|λ|awav)/],
  ['ivar', /^(ivar|inv_?var|inverse[_ ]?variance|flux_?ivar)/],
  ['sigma', /^(sigma|sig$|err|e_flux|eflux|dflux|uncert|unc$|unc_|std|noise$|(flux|f)[_ ]?(err|sig|unc|std))/],
  ['variance', /^(variance|var$|flux_?var)/],
  ['flux', /^(flux|flam|f_?lambda|f$|irradiance|intensity|counts|spec$|spectrum$|norm)/],
];

export function columnMeaning(header: string, unit: string | null = null): ColumnMeaning {
  const name = header.trim().toLowerCase();
  const role = ROLES.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
  const written = unit ?? /[[(](.+?)[\])]\s*$/.exec(header)?.[1] ?? null;
  const tokens = [...(written === null ? [] : [written]), ...name.split(/[\s_[\]()/,;:-]+/).slice(1)];
  const factors = role === 'wavelength' ? tokens.map(angstromsPer).filter((factor) => factor !== null) : [];
  const medium =
    tokens.includes('air') || name.startsWith('awav') ? 'air' : tokens.some((t) => t === 'vac' || t === 'vacuum') ? 'vacuum' : null;
  return { role, angstroms: factors[0] ?? null, unit: written, medium };
}

/** Inverse variances from a column of errors in its role. */
export function toIvar(role: 'sigma' | 'ivar' | 'variance', values: Float64Array): Float64Array {
  const inverse = (v: number, power: number): number => (v > 0 && Number.isFinite(v) ? 1 / v ** power : 0);
  return role === 'ivar' ? values : values.map((v) => inverse(v, role === 'sigma' ? 2 : 1));
}
