/** The header of an ECSV file (astropy APE 6): a fixed subset of YAML in comments, `- {name: flux, unit: nm, datatype: float64}`. */
import type { ColumnDescription } from '../columns.ts';

/** Names, units and descriptions of the columns; none where the comments are no ECSV header. */
export function ecsvColumns(comments: readonly string[]): ColumnDescription[] {
  if (!comments.some((line) => /^%ECSV/.test(line))) return [];
  const columns: ColumnDescription[] = [];
  let inside = false;
  // An entry may be folded over several lines: they are joined until its brace closes.
  let entry = '';
  for (const line of comments) {
    if (/^datatype:/.test(line)) inside = true;
    else if (inside && /^[a-z_]+:/i.test(line)) break;
    else if (inside) entry = `${entry} ${line}`.trim();
    if (entry !== '' && entry.endsWith('}')) {
      columns.push(described(entry));
      entry = '';
    }
  }
  return columns;
}

function described(entry: string): ColumnDescription {
  const field = (key: string): string | null => {
    const match = new RegExp(`[{,]\\s*${key}:\\s*(?:"([^"]*)"|'([^']*)'|([^,}]*))`).exec(entry);
    return (match?.[1] ?? match?.[2] ?? match?.[3])?.trim() ?? null;
  };
  return { name: field('name') ?? '', unit: field('unit'), description: field('description') };
}
