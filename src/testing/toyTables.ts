/**
 * Physics tables made by formula, a few kilobytes in place of 60 MB: 64 layers, three molecules, a dozen lines. The numbers are of the right order and
 * smooth, no more; what they are good for is that opacities and their derivatives can be held to identities without the shared folder.
 */
import { K_EV } from '../synthesis/constants.ts';
import { buildHydrogenTables } from '../synthesis/tables/hydrogenTables.ts';
import type { Atmosphere } from '../synthesis/structure/atmosphere.ts';
import type { ContinuumTables } from '../synthesis/tables/continuumTables.ts';
import { MAX_Z } from '../synthesis/tables/elements.ts';
import { buildEosTables, type EosTables } from '../synthesis/tables/eosTables.ts';
import { buildLineList } from '../synthesis/tables/lineList.ts';
import type { PhysicsTables } from '../synthesis/tables/tables.ts';
import type { NpyArray } from '../io/npz.ts';

const array = (shape: readonly number[], values: ArrayLike<number>): NpyArray => ({ shape, data: Float64Array.from(values) });
const texts = (text: readonly string[]): NpyArray => ({ shape: [text.length], data: new Float64Array(0), text });

/** One line of the toy: air wavelength (Å), MOOG species code, excitation (eV), log gf. */
export interface ToyLine {
  readonly wave: number;
  readonly species: string;
  readonly ep: number;
  readonly loggf: number;
}

/** Strong, weak, ionised and molecular lines within 5160 … 5200 Å, and one in the wing of Hβ. */
export const TOY_LINES: readonly ToyLine[] = [
  { wave: 4859.74, species: '26.0', ep: 2.87, loggf: -0.5 },
  { wave: 5162.27, species: '26.0', ep: 4.18, loggf: 0.02 },
  { wave: 5167.32, species: '12.0', ep: 2.71, loggf: -0.93 },
  { wave: 5172.68, species: '12.0', ep: 2.71, loggf: -0.39 },
  { wave: 5176.3, species: '26.1', ep: 2.89, loggf: -2.0 },
  { wave: 5183.6, species: '12.0', ep: 2.72, loggf: -0.18 },
  { wave: 5186.4, species: '106.00112', ep: 0.5, loggf: -1.2 },
  { wave: 5188.85, species: '20.0', ep: 2.93, loggf: -0.1 },
  { wave: 5191.45, species: '26.0', ep: 3.04, loggf: -0.55 },
  { wave: 5192.97, species: '22.0', ep: 0.02, loggf: -1.0 },
];

/** First ionisation energies, eV; 7.5 for the other elements, 15 for every second one. */
const IONISATION: Readonly<Record<number, number>> = {
  1: 13.598,
  2: 24.587,
  6: 11.26,
  7: 14.534,
  8: 13.618,
  11: 5.139,
  12: 7.646,
  13: 5.986,
  14: 8.152,
  16: 10.36,
  20: 6.113,
  22: 6.828,
  26: 7.902,
};

function toyEos(): EosTables {
  const partitionLnT = Float64Array.from({ length: 30 }, (_, i) => Math.log(1500) + (i / 29) * Math.log(12));
  const lnU: (Float64Array | undefined)[] = [];
  for (let z = 1; z <= MAX_Z; z++)
    for (let stage = 0; stage < 3; stage++)
      // Hydrogen's must be 2 and 1: the synthesis counts on it. The others rise a little with T.
      lnU[z * 3 + stage] = partitionLnT.map((x) => (z === 1 ? Math.log(stage === 0 ? 2 : 1) : Math.log(2 + stage + Math.exp(x) / 5000)));
  const ionisation = Array.from({ length: MAX_Z + 1 }, (_, z) => [IONISATION[z] ?? 7.5, z === 1 ? Infinity : z === 2 ? 54.4 : 15] as const);
  const nodes = Float64Array.from({ length: 12 }, (_, i) => Math.log(1000 * (i + 1)));
  const equilibria = new Map(
    (
      [
        ['HH', 4.48],
        ['HC', 3.47],
        ['CO', 11.1],
      ] as const
    ).map(([name, energy]) => [name, { lnT: nodes, log10K: nodes.map((x) => 12.5 - energy / (K_EV * Math.exp(x) * Math.LN10)) }]),
  );
  const rising = (scale: number) => ({ lnT: nodes, lnQ: nodes.map((x) => Math.log(1 + Math.exp(x) / scale)) });
  return buildEosTables(
    { partitionLnT, lnU },
    equilibria,
    ionisation,
    new Map([
      ['H2', rising(170)],
      ['CH', rising(5)],
    ]),
  );
}

function toyContinuum(): ContinuumTables {
  const wavelength = Float64Array.from({ length: 553 }, (_, i) => 3640 + 10 * i);
  const temperatures = Float64Array.from({ length: 25 }, (_, i) => 2500 * 1.08 ** i);
  return {
    wavelength,
    temperatures,
    hMinusBoundFree: wavelength.map((w) => 4e-17 * Math.exp(-(((w - 8500) / 5000) ** 2))),
    hydrogen: [2, 3].map((n) => {
      const edge = 911.75 * n * n;
      return { n, excitation: 13.598 * (1 - 1 / (n * n)), edge, sigma: wavelength.map((w) => 1.4e-17 * n ** 3 * (w / edge) ** 3) };
    }),
    gauntFreeFree: () => 1.1,
    metals: [
      {
        z: 26,
        stage: 0,
        sum: Float64Array.from(
          [...temperatures].flatMap((t) => [...wavelength].map((w) => 1e-17 * Math.exp(-3 / (K_EV * t)) * (w / 5000))),
        ),
      },
    ],
    molecules: ['CH'].map((name) => ({ name, firstEnergy: 0.1, energies: 105, table: new Float64Array(105 * 15).fill(-18) })),
  };
}

/** Stark profiles that fall as the 5/2 power of the detuning in units of the field, as Holtsmark's do. */
function toyHydrogen(): ReadonlyMap<string, NpyArray> {
  const offsets = Array.from({ length: 40 }, (_, i) => 1e6 * 10 ** ((i / 39) * 8));
  const electrons = [1e10, 1e12, 1e14, 1e16, 1e18];
  const temperatures = [2500, 5000, 10_000, 20_000, 40_000];
  const npz = new Map<string, NpyArray>();
  for (const lower of [2, 3])
    for (let upper = lower + 1; upper <= 10; upper++) {
      const name = `${String(lower)}_${String(upper)}`;
      const width = 5e8 * upper * (upper - 1);
      npz.set(`${name}.delta_nu_over_F0`, array([offsets.length], offsets));
      npz.set(`${name}.electron_number_densities`, array([electrons.length], electrons));
      npz.set(`${name}.temps`, array([temperatures.length], temperatures));
      const profile = offsets.flatMap((x) =>
        electrons.flatMap((n) => temperatures.map((t) => (t / 1e4) ** 0.05 / (1.25e-9 * n ** (2 / 3) * width * (1 + (x / width) ** 2.5)))),
      );
      npz.set(`${name}.profile`, array([offsets.length, electrons.length, temperatures.length], profile));
    }
  return npz;
}

/** Tables with these lines. The grid of atmospheres is empty: give `toyAtmosphere` instead. */
export function toyTables(lines: readonly ToyLine[] = TOY_LINES): PhysicsTables {
  const eos = toyEos();
  const column = (value: (line: ToyLine) => number): NpyArray => array([lines.length], lines.map(value));
  const list = new Map<string, NpyArray>([
    ['wave', column(({ wave }) => wave)],
    ['species', texts(lines.map(({ species }) => species))],
    ['ep', column(({ ep }) => ep)],
    ['loggf', column(({ loggf }) => loggf)],
    ['gamrad', column(() => 1e8)],
    // Every second line has a width of Anstee, Barklem & O'Mara's kind, the others none.
    [
      'abo_loggam',
      array(
        [lines.length],
        lines.map((_, i) => (i % 2 === 0 ? -7.6 : NaN)),
      ),
    ],
    [
      'abo_alpha',
      array(
        [lines.length],
        lines.map((_, i) => (i % 2 === 0 ? 0.25 : NaN)),
      ),
    ],
  ]);
  const none = new Float64Array(0);
  return {
    eos,
    continuum: toyContinuum(),
    hydrogen: buildHydrogenTables(toyHydrogen()),
    lines: buildLineList(list, eos),
    atmospheres: {
      ...{ teff: [], logg: [], mh: [], am: [], index: new Int32Array(0), layers: 0, used: 0 },
      ...{ temperature: none, lnRhox: none, lnPressure: none, lnElectron: none },
    },
  };
}

/** A grey atmosphere in 64 layers, log10 of the column mass from −4 to 1 (so that strong lines are thin at the top); the opacity that sets T(τ) grows with the pressure. */
export function toyAtmosphere(teff: number, logg: number): Atmosphere {
  const rhox = Float64Array.from({ length: 64 }, (_, i) => 10 ** (-4 + (5 * i) / 63));
  const pressure = rhox.map((m) => m * 10 ** logg);
  const temperature = rhox.map((m) => teff * (0.75 * (0.25 * m ** 1.2 * 10 ** (0.5 * (logg - 4)) + 2 / 3)) ** 0.25);
  return {
    title: `grey, T_eff ${String(teff)} K, log g ${String(logg)}`,
    rhox,
    pressure,
    temperature,
    electronDensity: pressure.map((p, i) => (1e-4 * p) / (1.380_649e-16 * (temperature[i] ?? NaN))),
  };
}
