/** What reads, fits and reports the files of a batch: a network, the synthesis that starts from one, or a network checked by it. */
import { AbInitioService } from '../../src/compute/abInitioService.ts';
import type { FitService } from '../../src/compute/service.ts';
import type { Solution } from '../../src/domain/fit.ts';
import { success, type Result } from '../../src/domain/result.ts';
import type { ModelCheck } from '../../src/fit/modelCheck.ts';
import { readTables } from '../files/tablesFolder.ts';
import type { FitSetup } from './fitSetup.ts';
import { openService } from './openService.ts';

export interface Fitter extends Pick<FitService, 'read' | 'fit' | 'calibrate'> {
  /** The error of the model at a solution of its own, where that is wanted. */
  readonly verify?: (solution: Solution) => Promise<Result<ModelCheck>>;
}

/** Failures: those of `openService`, and of the tables where the synthesis is wanted. */
export async function openFitter({ open, synthesis }: FitSetup): Promise<Result<Fitter>> {
  const network = await openService(open);
  if (!network.ok || synthesis === undefined) return network;
  const tables = readTables(synthesis.tables, synthesis.lines);
  if (!tables.ok) return tables;
  const physics = new AbInitioService(network.value, tables.value, synthesis.lines);
  const by: Pick<Fitter, 'read' | 'fit' | 'calibrate'> = synthesis.use === 'fit' ? physics : network.value;
  return success({
    read: (name, bytes, reading) => by.read(name, bytes, reading),
    fit: (spectrum, options, hooks) => by.fit(spectrum, options, hooks),
    calibrate: (solution) => by.calibrate(solution),
    ...(synthesis.use === 'verify' ? { verify: (solution: Solution) => physics.verify(solution) } : {}),
  });
}
