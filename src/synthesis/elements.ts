/** Chemical symbols by atomic number; index 0 is unused. */
export const SYMBOLS = [
  '', 'H', 'He', 'Li', 'Be', 'B', 'C', 'N', 'O', 'F', 'Ne', 'Na', 'Mg', 'Al', 'Si', 'P', 'S', 'Cl', 'Ar', 'K', 'Ca', 'Sc', 'Ti', 'V', 'Cr', 'Mn',
  'Fe', 'Co', 'Ni', 'Cu', 'Zn', 'Ga', 'Ge', 'As', 'Se', 'Br', 'Kr', 'Rb', 'Sr', 'Y', 'Zr', 'Nb', 'Mo', 'Tc', 'Ru', 'Rh', 'Pd', 'Ag', 'Cd', 'In',
  'Sn', 'Sb', 'Te', 'I', 'Xe', 'Cs', 'Ba', 'La', 'Ce', 'Pr', 'Nd', 'Pm', 'Sm', 'Eu', 'Gd', 'Tb', 'Dy', 'Ho', 'Er', 'Tm', 'Yb', 'Lu', 'Hf', 'Ta',
  'W', 'Re', 'Os', 'Ir', 'Pt', 'Au', 'Hg', 'Tl', 'Pb', 'Bi', 'Po', 'At', 'Rn', 'Fr', 'Ra', 'Ac', 'Th', 'Pa', 'U',
] as const;

export const MAX_Z = 92;

export function atomicNumber(symbol: string): number {
  const z = (SYMBOLS as readonly string[]).indexOf(symbol);
  if (z < 1) throw new Error(`unknown element symbol '${symbol}'`);
  return z;
}

/** Solar photospheric log ε (H = 12) by atomic number: Asplund, Grevesse, Sauval & Scott (2009, ARA&A 47, 481), meteoritic where no photospheric value. NaN: absent. */
const LOG_EPS: readonly number[] = [
  NaN, 12.0, 10.93, 1.05, 1.38, 2.7, 8.43, 7.83, 8.69, 4.56, 7.93, 6.24, 7.6, 6.45, 7.51, 5.41, 7.12, 5.5, 6.4, 5.03, 6.34, 3.15, 4.95, 3.93, 5.64,
  5.43, 7.5, 4.99, 6.22, 4.19, 4.56, 3.04, 3.65, 2.3, 3.34, 2.54, 3.25, 2.52, 2.87, 2.21, 2.58, 1.46, 1.88, NaN, 1.75, 0.91, 1.57, 0.94, 1.71,
  0.8, 2.04, 1.01, 2.18, 1.55, 2.24, 1.08, 2.18, 1.1, 1.58, 0.72, 1.42, NaN, 0.96, 0.52, 1.07, 0.3, 1.1, 0.48, 0.92, 0.1, 0.84, 0.1, 0.85, -0.12,
  0.85, 0.26, 1.4, 1.38, 1.62, 0.92, 1.17, 0.9, 1.75, 0.65, NaN, NaN, NaN, NaN, NaN, NaN, 0.02, NaN, -0.54,
];

/** Standard atomic weights, amu. */
export const ATOMIC_MASS: readonly number[] = [
  0, 1.008, 4.0026, 6.94, 9.0122, 10.81, 12.011, 14.007, 15.999, 18.998, 20.18, 22.99, 24.305, 26.982, 28.085, 30.974, 32.06, 35.45, 39.948, 39.098,
  40.078, 44.956, 47.867, 50.942, 51.996, 54.938, 55.845, 58.933, 58.693, 63.546, 65.38, 69.723, 72.63, 74.922, 78.971, 79.904, 83.798, 85.468, 87.62,
  88.906, 91.224, 92.906, 95.95, 98, 101.07, 102.91, 106.42, 107.87, 112.41, 114.82, 118.71, 121.76, 127.6, 126.9, 131.29, 132.91, 137.33, 138.91,
  140.12, 140.91, 144.24, 145, 150.36, 151.96, 157.25, 158.93, 162.5, 164.93, 167.26, 168.93, 173.05, 174.97, 178.49, 180.95, 183.84, 186.21, 190.23,
  192.22, 195.08, 196.97, 200.59, 204.38, 207.2, 208.98, 209, 210, 222, 223, 226, 227, 232.04, 231.04, 238.03,
];

/** n_X / n_H of the solar mixture by atomic number (0 where absent). */
export const SOLAR_PER_H: Float64Array = Float64Array.from(LOG_EPS, (logEps) => (Number.isNaN(logEps) ? 0 : 10 ** (logEps - 12)));

/** Fraction of the nuclei of element `z` in the isotope of mass number `a`; 1 where the list gives no splitting. Values stated with the line list. */
export function isotopeFraction(z: number, a: number): number {
  return ISOTOPES[z]?.[a] ?? 1;
}

const ISOTOPES: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  3: { 6: 0.075, 7: 0.925 },
  6: { 12: 0.989, 13: 0.011 },
  7: { 14: 0.99634 },
  12: { 24: 0.7899, 25: 0.1, 26: 0.1101 },
  29: { 63: 0.6915, 65: 0.3085 },
  56: { 134: 0.02417, 135: 0.06592, 136: 0.07854, 137: 0.11232, 138: 0.71698 },
  60: { 142: 0.27044, 143: 0.12023, 144: 0.23729, 145: 0.08763, 146: 0.1713, 148: 0.05716, 150: 0.05596 },
  62: { 144: 0.0307, 147: 0.1499, 148: 0.1124, 149: 0.1382, 150: 0.0738, 152: 0.2675, 154: 0.2275 },
  63: { 151: 0.4781, 153: 0.5219 },
  70: { 170: 0.02982, 171: 0.1409, 172: 0.2168, 173: 0.16103, 174: 0.32026, 176: 0.12996 },
  77: { 191: 0.373, 193: 0.627 },
  82: { 204: 0.01997, 206: 0.18582, 207: 0.20563, 208: 0.58858 },
};
