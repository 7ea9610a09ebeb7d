/** Å per unit of a wavelength unit as people write it (`nm`, `Angstroms`, `10**(-10)m`, `0.1 nm`, `1e-4 um`); null for what is none. */
export function angstromsPer(unit: string): number | null {
  const name = unit
    .trim()
    .toLowerCase()
    .replace(/[[\]'"]/g, '')
    .trim();
  const plain = lengthUnit(name.replace(/^\((.*)\)$/, '$1'));
  if (plain !== null) return plain;
  const scaled =
    /^(?:(\d+(?:\.\d*)?|\.\d+)(?:e([+-]?\d+))?)?\s*(?:[*x×]?\s*10\s*(?:\*\*|\^)?\s*\(?([+-]?\d+)\)?)?\s*[*.\s]?\s*([a-zåµμ]+)$/.exec(name);
  const base = scaled && lengthUnit(scaled[4] ?? '');
  if (!scaled || base === null || (scaled[1] === undefined && scaled[3] === undefined)) return null;
  const power = Number(scaled[2] ?? 0) + Number(scaled[3] ?? 0);
  const value = Number(`${String(Number(scaled[1] ?? 1) * base)}e${String(power)}`);
  return value > 0 ? round(value) : null;
}

/** Products of powers of ten without the last digit's rounding: 1e-10 · 1e10 is 1. */
const round = (value: number): number => Number(value.toPrecision(12));

function lengthUnit(name: string): number | null {
  if (/^(å|a|aa|ang|angs|angstroms?|ångströms?|ångstroms?|angström)$/.test(name)) return 1;
  if (/^(nm|nanomet(er|re)s?)$/.test(name)) return 10;
  if (/^(um|µm|μm|micron|microns|micromet(er|re)s?)$/.test(name)) return 1e4;
  if (/^(mm|millimet(er|re)s?)$/.test(name)) return 1e7;
  if (/^(cm|centimet(er|re)s?)$/.test(name)) return 1e8;
  if (/^(m|met(er|re)s?)$/.test(name)) return 1e10;
  return null;
}
