/** All physics tables, loaded from the bytes of their files. */
import { failed, success, type Result } from '../../domain/result.ts';
import { atmosphereGrid, type AtmosphereGrid } from './atmosphereGrid.ts';
import { buildContinuumTables, type ContinuumTables } from './continuumTables.ts';
import {
  buildEosTables,
  readAtomicPartition,
  readEquilibria,
  readIonisation,
  readMolecularPartition,
  type EosTables,
} from './eosTables.ts';
import { buildHydrogenTables, type HydrogenTables } from './hydrogenTables.ts';
import { buildLineList, type LineList } from './lineList.ts';
import { readNpz, type NpyArray } from '../../io/npz.ts';

/** Everything synthesis reads, ready for use. */
export interface PhysicsTables {
  readonly atmospheres: AtmosphereGrid;
  readonly eos: EosTables;
  readonly continuum: ContinuumTables;
  readonly hydrogen: HydrogenTables;
  readonly lines: LineList;
}

/** Gives the bytes of a file of the tables folder, by its path inside it; throws when there is none. */
export type ReadTable = (path: string) => Uint8Array;

/** Changes the arrays of a line list, given with the bytes of its file, before they are used: an overlay of corrections. */
export type ChangeLines = (arrays: ReadonlyMap<string, NpyArray>, bytes: Uint8Array) => Result<ReadonlyMap<string, NpyArray>>;

/** Loads the physics tables. Fails with `TABLES_UNREADABLE`, naming the file, and as `change` does. */
export function loadTables(read: ReadTable, lineFile = 'lines/linemake_merged.npz', change?: ChangeLines): Result<PhysicsTables> {
  let current = '';
  const bytes = (path: string): Uint8Array => {
    current = path;
    return read(path);
  };
  const text = (path: string): string => new TextDecoder().decode(bytes(path));
  try {
    const eos = buildEosTables(
      readAtomicPartition(readNpz(bytes('eos/atomic_partition_functions.npz'))),
      readEquilibria(readNpz(bytes('eos/diatomic_equilibrium_constants.npz'))),
      readIonisation(text('eos/BarklemCollet2016-ionization_energies.dat')),
      readMolecularPartition(text('eos/BarklemCollet2016-molecular_partition.dat')),
    );
    const continuum = buildContinuumTables(bytes, text);
    const hydrogen = buildHydrogenTables(readNpz(bytes('hydrogen/stehle_hutcheon_1999.npz')));
    const lineBytes = bytes(lineFile);
    const listed = readNpz(lineBytes);
    const changed = change === undefined ? success(listed) : change(listed, lineBytes);
    if (!changed.ok) return changed;
    const lines = buildLineList(changed.value, eos);
    const atmospheres = atmosphereGrid(readNpz(bytes('atmospheres/atlas9_composite.npz')));
    return success({ atmospheres, eos, continuum, hydrogen, lines });
  } catch (error) {
    return failed(
      'TABLES_UNREADABLE',
      `Could not read '${current}' of the physics tables: ${error instanceof Error ? error.message : String(error)}`,
      'Give the folder of complete physics tables with --tables DIR, or set MAURY_SHARED.',
    );
  }
}
