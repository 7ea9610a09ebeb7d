/** Number densities in every layer of a star, as the equation of state leaves them, and the names by which other files read them. */
import { interpolate, type EosTables } from '../tables/eosTables.ts';

/** Populations of every layer, CGS; layers from the top. */
export interface Populations {
  readonly layers: number;
  /** K */
  readonly temperature: Float64Array;
  /** Electrons per cm³. */
  readonly electrons: Float64Array;
  /** Hydrogen nuclei per cm³. */
  readonly hydrogen: Float64Array;
  /** Mass density, g cm⁻³. */
  readonly density: Float64Array;
  /** Number density over partition function, cm⁻³, by [(z·3 + stage)·layers + layer]. */
  readonly atoms: Float64Array;
  /** The same for molecules by [molecule·layers + layer] (partition function 1 where none is tabulated). */
  readonly molecules: Float64Array;
}

type AtomPopulations = Pick<Populations, 'atoms' | 'layers'>;

/** n/U of an atom (stage 0), its ion (1) or its second ion (2) in a layer, cm⁻³; `z` is the atomic number. */
export const atomOverPartition = ({ atoms, layers }: AtomPopulations, z: number, stage: number, layer: number): number =>
  atoms[(z * 3 + stage) * layers + layer];

/** n/U of neutral hydrogen in every layer, cm⁻³: a view, not a copy. */
export const hydrogenOverPartition = ({ atoms, layers }: AtomPopulations): Float64Array => atoms.subarray(3 * layers, 4 * layers);

/** Partition function of neutral hydrogen: the weight of its ground level, since the excited ones are all but empty in a star that has lines. */
export const HYDROGEN_PARTITION = 2;

/** n(H I) of a layer, cm⁻³. */
export const neutralHydrogen = (pop: AtomPopulations, layer: number): number => HYDROGEN_PARTITION * atomOverPartition(pop, 1, 0, layer);

/** n(He I) of a layer, cm⁻³: its partition function is 1. */
export const neutralHelium = (pop: AtomPopulations, layer: number): number => atomOverPartition(pop, 2, 0, layer);

/** Density of a molecule by its name ('H2', 'CH' …) in every layer, cm⁻³; zeros where the equation of state does not have it. */
export function moleculeDensity(eos: EosTables, { molecules, layers, temperature }: Populations, name: string): Float64Array {
  const index = eos.molecules.findIndex((molecule) => molecule.name === name);
  if (index < 0) return new Float64Array(layers);
  const { partition } = eos.molecules[index];
  return temperature.map(
    (t, layer) => molecules[index * layers + layer] * (partition ? Math.exp(interpolate(partition.lnT, partition.lnQ, Math.log(t))) : 1),
  );
}
