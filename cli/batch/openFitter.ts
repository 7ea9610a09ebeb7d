/** What reads, fits and reports the files of a batch: a network, or the synthesis that starts from one. */
import { AbInitioService } from '../../src/compute/abInitioService.ts';
import type { FitService } from '../../src/compute/service.ts';
import { success, type Result } from '../../src/domain/result.ts';
import { readTables } from '../files/tablesFolder.ts';
import type { FitSetup } from './fitSetup.ts';
import { openService } from './openService.ts';

export type Fitter = Pick<FitService, 'read' | 'fit' | 'report'>;

/** Failures: those of `openService`, and of the tables where the synthesis is wanted. */
export async function openFitter({ open, abInitio }: FitSetup): Promise<Result<Fitter>> {
  const network = await openService(open);
  if (!network.ok || abInitio === undefined) return network;
  const tables = readTables(abInitio.tables, abInitio.lines);
  return tables.ok ? success(new AbInitioService(network.value, tables.value, abInitio.lines)) : tables;
}
