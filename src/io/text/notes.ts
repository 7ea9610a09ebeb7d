/** What the comments of a text file say: `# key: value` lines, and words about air and vacuum. */
import type { Lsf, Spectrum } from '../../domain/spectrum.ts';
import { statedMedium } from '../fileMedium.ts';
import { angstromsPer } from '../wavelengthUnit.ts';

export interface Notes {
  readonly text: ReadonlyMap<string, string>;
  readonly medium: 'air' | 'vacuum' | null;
  readonly frame: Spectrum['frame'];
  readonly lsf: Lsf | null;
  readonly angstroms: number | null;
  readonly warnings: readonly string[];
}

/** λ/FWHM of anything that disperses light into lines: below, `R` is a magnitude or a radius. */
const LEAST_POWER = 100;
const MOST_POWER = 1e6;

export function readNotes(comments: readonly string[]): Notes {
  const text = new Map<string, string>();
  const warnings: string[] = [];
  for (const comment of comments) {
    const match = /^([A-Za-z][\w -]{0,40}?)\s*[:=]\s*(.+)$/.exec(comment);
    if (!match) continue;
    const key = (match[1] ?? '').trim().toLowerCase().replace(/[ -]/g, '_');
    const card = /^'(.*?)'|^(.*?)\s+\/\s/.exec(match[2] ?? '');
    if (!text.has(key)) text.set(key, (card?.[1] ?? card?.[2] ?? match[2] ?? '').trim());
  }
  const medium = statedMedium(text.has('medium') ? [`medium: ${text.get('medium') ?? ''}`] : comments);
  if (medium.conflict !== null) warnings.push(`The comments mention both air and vacuum (${medium.conflict}).`);
  if (medium.ignored !== null)
    warnings.push(`"${medium.ignored.slice(0, 60)}" is not taken for a statement about air or vacuum of the wavelengths.`);
  const frame = (text.get('frame') ?? text.get('specsys') ?? '').toLowerCase();
  const unit = text.get('wavelength_unit') ?? text.get('wave_unit') ?? text.get('cunit1');
  return {
    text,
    medium: medium.medium,
    frame: /^(rest|source)/.test(frame) ? 'rest' : /^(bary|helio)/.test(frame) ? 'barycentric' : 'observed',
    lsf: resolution(text, warnings),
    angstroms: unit === undefined ? null : angstromsPer(unit),
    warnings,
  };
}

/** A resolving power under an explicit name, or `R` in its range; a FWHM in Å: under a name or with a unit that says so (seeing is a FWHM too). */
function resolution(text: ReadonlyMap<string, string>, warnings: string[]): Lsf | null {
  for (const key of ['resolving_power', 'resolvingpower', 'spec_res', 'specres', 'spectral_resolution', 'resolution', 'r', 'lambda/fwhm']) {
    const stated = text.get(key);
    if (stated === undefined) continue;
    const lsf = powerOf(stated);
    if (lsf) return lsf;
    const angstroms = /^([\d.]+)\s*(å|a|aa|ang\w*|nm)$/i.exec(stated);
    if (angstroms && key !== 'r') return { kind: 'fwhm', fwhm: Number(angstroms[1]) * (angstromsPer(angstroms[2] ?? '') ?? 1) };
    warnings.push(`"${key} = ${stated.slice(0, 30)}" in the comments is not taken for a resolving power.`);
  }
  for (const key of ['fwhm_angstrom', 'fwhm_a', 'fwhm_aa', 'lsf_fwhm', 'fwhm_lsf', 'spectral_fwhm', 'instrumental_fwhm', 'fwhm']) {
    const stated = text.get(key);
    if (stated === undefined) continue;
    const match = /^([\d.]+(?:e[+-]?\d+)?)\s*\[?\(?([^\d\s\])]*)/i.exec(stated);
    const [value, unit] = [Number(match?.[1]), match?.[2] ?? ''];
    const factor = unit === '' ? (key === 'fwhm' ? null : 1) : angstromsPer(unit);
    if (value > 0 && factor !== null) return { kind: 'fwhm', fwhm: value * factor };
    warnings.push(`"${key} = ${stated.slice(0, 30)}" in the comments is not taken for a line width in Å: it may be the seeing.`);
  }
  return null;
}

/** `1800`, or R at increasing wavelengths as `4000:1650 9000:2100`; null where it is neither. */
function powerOf(stated: string): Lsf | null {
  const single = Number(/^~?\s*([\d.]+(?:e\d+)?)\s*$/i.exec(stated)?.[1]);
  if (single >= LEAST_POWER && single <= MOST_POWER) return { kind: 'resolving-power', resolvingPower: single };
  if (!stated.includes(':')) return null;
  const pairs = stated.split(/[\s,]+/).map((pair) => pair.split(':').map(Number));
  const [wavelength, power] = [pairs.map((pair) => pair[0] ?? NaN), pairs.map((pair) => pair[1] ?? NaN)];
  const increasing = wavelength.every((value, i) => value > (wavelength[i - 1] ?? 0));
  return increasing && power.every((value) => value > 0) ? { kind: 'table', wavelength, resolvingPower: power } : null;
}
