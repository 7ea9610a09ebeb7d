/** Numbers as people type them. */

/** The number that a text is, with a true or a hyphen minus and a decimal point or comma; NaN where it is none. */
export function typedNumber(text: string): number {
  const plain = text.trim().replace('−', '-');
  const decimal = /^[+-]?\d*,\d+$/.test(plain) ? plain.replace(',', '.') : plain;
  return decimal === '' ? NaN : Number(decimal);
}

/** Why a typed text cannot be taken for a number from `min` to `max`; null where it can. */
export function numberProblem(text: string, min: number, max: number): string | null {
  const value = typedNumber(text);
  if (Number.isNaN(value)) return text.trim() === '' ? 'A number is missing.' : `“${text.trim()}” is not a number.`;
  return value >= min && value <= max ? null : `${text.trim()} is not between ${String(min)} and ${String(max)}.`;
}
