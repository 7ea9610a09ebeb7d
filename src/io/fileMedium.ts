/** Air or vacuum, as people say it: in comments, keywords and column descriptions. */

type Medium = 'air' | 'vacuum';

export interface StatedMedium {
  readonly medium: Medium | null;
  /** What was found, where it contradicts itself. */
  readonly conflict: string | null;
  /** A line with one of the words that speaks of something else, such as the vacuum of a vessel. */
  readonly ignored: string | null;
}

/** Vacuum of another kind: the instrument's vessel and its pressure. */
const VESSEL = /dewar|cryostat|chamber|vessel|pump|gauge|mbar|torr|pressure|\bhpa\b/i;
/** Lines that speak of the wavelengths count more than others. */
const ABOUT_WAVELENGTH = /wave|lambda|medium|scale|λ|angstrom|dispersion|spectral/i;
const TRUE = /^(t|true|yes|y|1)\b/i;
const FALSE = /^(f|false|no|n|0)\b/i;

/** One line or description: `VACUUM = F`, `not vacuum`, `air to vacuum: done`, `wavelengths in air`; null where it says neither or both. */
export function mediumInWords(line: string): Medium | null {
  if (VESSEL.test(line) && !/wavelength/i.test(line)) return null;
  const converted = /\b(air|vac\w*)\s*(?:to|2|->|→|into)\s*(air|vac\w*)\b/i.exec(line);
  if (converted) return /^air/i.test(converted[2] ?? '') ? 'air' : 'vacuum';
  const keyed = /^\W*(?:is|in)?_?(?:wave(?:lengths?)?[_ ]?)?(?:in[_ ]?|is[_ ]?)?(air|vac(?:uum)?)\w*\s*[:=]\s*'?\s*(\S+)/i.exec(line);
  if (keyed) {
    const named: Medium = /^air/i.test(keyed[1] ?? '') ? 'air' : 'vacuum';
    const value = keyed[2] ?? '';
    if (/^vac/i.test(value)) return 'vacuum';
    if (/^air\b/i.test(value)) return 'air';
    if (TRUE.test(value)) return named;
    if (FALSE.test(value)) return named === 'air' ? 'vacuum' : 'air';
  }
  const says = { air: false, vacuum: false };
  for (const match of line.matchAll(
    /\b(?:(not?|non|never)[\s-]+(?:in|at|to|corrected to|converted to)?\s*)?(air|vac(?:uum)?)\b(?!\s*mass)/gi,
  )) {
    const named: Medium = /^air/i.test(match[2] ?? '') ? 'air' : 'vacuum';
    says[match[1] === undefined ? named : named === 'air' ? 'vacuum' : 'air'] = true;
  }
  return says.air === says.vacuum ? null : says.air ? 'air' : 'vacuum';
}

/** What many lines say together: those about wavelengths first; two that disagree say nothing, and that is reported. */
export function statedMedium(lines: readonly string[]): StatedMedium {
  const ignored = lines.find((line) => VESSEL.test(line) && /\b(air|vac(uum)?)\b/i.test(line) && mediumInWords(line) === null) ?? null;
  const said = lines.flatMap((line) => {
    const medium = mediumInWords(line);
    return medium === null ? [] : [{ line, medium }];
  });
  for (const some of [said.filter(({ line }) => ABOUT_WAVELENGTH.test(line)), said]) {
    const [first] = some;
    if (!first) continue;
    const other = some.find(({ medium }) => medium !== first.medium);
    if (!other) return { medium: first.medium, conflict: null, ignored };
    return { medium: null, conflict: `"${first.line.slice(0, 60)}" and "${other.line.slice(0, 60)}"`, ignored };
  }
  return { medium: null, conflict: null, ignored };
}
