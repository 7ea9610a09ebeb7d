/** Bohr radius, cm. */
const BOHR = 5.291_772e-9;

/**
 * Probability that level n (not necessarily whole) of hydrogen exists among its neighbours. Ions: Hubeny, Hummer & Lanz (1994, A&A 282, 151,
 * appendix A); neutral H and He as hard spheres, Hummer & Mihalas (1988, ApJ 331, 794, eq. 4.71), of half the radius √⟨r²⟩ (Bergeron, Wesemael & Fontaine
 * 1991, ApJ 367, 253: the whole one destroys lines that are seen). Densities in cm⁻³, T in K.
 */
export function occupation(n: number, electrons: number, temperature: number, neutralH: number, neutralHe: number): number {
  const k = n <= 3 ? 1 : ((16 / 3) * n * (n + 7 / 6)) / ((n + 1) * (n + 1) * (n * n + n + 0.5));
  const beta = (8.59e14 * k) / (n ** 4 * electrons ** (2 / 3));
  const a = (0.09 * electrons ** (1 / 6)) / Math.sqrt(temperature);
  const x = (1 + a) ** 3.15;
  const f = (0.1402 * (x + 4 * a ** 3) * beta ** 3) / (1 + 0.1285 * x * beta ** 1.5);
  const radius = 0.5 * BOHR * Math.sqrt(n * n * (2.5 * n * n + 0.5));
  const volume = neutralH * (radius + Math.sqrt(3) * BOHR) ** 3 + neutralHe * (radius + 1.02 * BOHR) ** 3;
  return (f / (1 + f)) * Math.exp(((-4 * Math.PI) / 3) * volume);
}
