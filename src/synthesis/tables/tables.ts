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
import { readNpz } from '../../io/npz.ts';

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

/** Loads the physics tables. Fails with `TABLES_UNREADABLE`, naming the file. */
export function loadTables(read: ReadTable, lineFile = 'lines/linemake_merged.npz'): Result<PhysicsTables> {
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
    const lines = buildLineList(readNpz(bytes(lineFile)), eos);
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
