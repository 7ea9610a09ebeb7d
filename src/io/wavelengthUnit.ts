/** Å per unit of a wavelength unit as people write it; null for what is none. */
export function angstromsPer(unit: string): number | null {
  const name = unit
    .trim()
    .toLowerCase()
    .replace(/[[\]()]/g, '');
  if (/^(å|a|aa|ang|angs|angstroms?|ångströms?|ångstroms?)$/.test(name)) return 1;
  if (/^(nm|nanomet(er|re)s?)$/.test(name)) return 10;
  if (/^(um|µm|μm|micron|microns|micromet(er|re)s?)$/.test(name)) return 1e4;
  if (/^(m|met(er|re)s?)$/.test(name)) return 1e10;
  return null;
}
