/** Decimals worth printing for a label. */
export const decimals = (name: string): number => (name === 'teff' ? 0 : 2);

/** A number with a true minus sign; an em dash where there is none. Dex values carry their sign. */
export function formatNumber(value: number | null, digits: number, signed = false): string {
  if (value === null || !Number.isFinite(value)) return '—';
  const text = Math.abs(value).toFixed(digits);
  const zero = Number(text) === 0;
  return `${value < 0 && !zero ? '−' : signed ? '+' : ''}${text}`;
}

/** Seconds or minutes, short. */
export const formatSeconds = (seconds: number): string => (seconds < 90 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`);
