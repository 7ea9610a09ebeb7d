import type { ModelIdentity } from '../../src/domain/problem.ts';
import type { EmulatorInfo } from '../../src/domain/emulator.ts';
import { success, type Result } from '../../src/domain/result.ts';
import { DEFAULT_STEP_KMS } from '../../src/synthesis/native.ts';
import { openService } from '../../cli/batch/openService.ts';
import { cachePath } from '../../cli/files/sharedFolder.ts';
import { defaultTables, hashTables } from '../../cli/files/tablesFolder.ts';
import { PRESETS, setName } from '../../cli/trainingset/settings.ts';
import { checkGrid, openAbInitio, type AbInitioSet } from './abInitio.ts';

/** The folder of the held-out set, by what decides it. */
function heldOutFolder(): Result<string> {
  const hashes = hashTables(defaultTables(), 'vald');
  if (!hashes.ok) return hashes;
  const { seed, derivatives } = PRESETS.heldout;
  return success(cachePath('trainingsets', setName({ seed, derivatives, stepKms: DEFAULT_STEP_KMS, lines: 'vald', tables: hashes.value })));
}

export interface StarsAndModel {
  readonly folder: string;
  readonly set: AbInitioSet;
  readonly identity: ModelIdentity;
  readonly info: EmulatorInfo;
}

/** Ab initio stars (default: the held-out set) and a model of their grid. Failures of tables, set, model, and `GRID_DIFFERS`. */
export async function openStars(asked: {
  readonly set: string | undefined;
  readonly model: string | undefined;
}): Promise<Result<StarsAndModel>> {
  const folder = asked.set === undefined ? heldOutFolder() : success(asked.set);
  if (!folder.ok) return folder;
  const set = openAbInitio(folder.value);
  if (!set.ok) return set;
  const service = await openService(asked.model === undefined ? {} : { model: asked.model });
  if (!service.ok) return service;
  const { identity, emulator } = service.value;
  emulator.dispose();
  const grid = checkGrid(set.value.about, emulator.info);
  return grid.ok ? success({ folder: folder.value, set: set.value, identity, info: emulator.info }) : grid;
}
