/** The first stars of a preset's training set, made if they are not there, as a folder of their own. */
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EXIT } from '../../cli/commands/args.ts';
import { cachePath } from '../../cli/files/sharedFolder.ts';
import { defaultTables, hashTables } from '../../cli/files/tablesFolder.ts';
import { run as makeTrainingSet } from '../../cli/commands/trainingset.ts';
import { DEFAULT_STEP_KMS } from '../../src/synthesis/native.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { chunksOf, tasksLeft } from '../../cli/trainingset/chunks.ts';
import { PRESETS, setName, type PresetName } from '../../cli/trainingset/settings.ts';

/** The folder that `maury trainingset --set NAME` uses. Failure `TABLES_UNREADABLE`. */
export function presetFolder(preset: PresetName): Result<string> {
  const hashes = hashTables(defaultTables(), 'vald');
  if (!hashes.ok) return hashes;
  const { seed, derivatives } = PRESETS[preset];
  return success(cachePath('trainingsets', setName({ seed, derivatives, stepKms: DEFAULT_STEP_KMS, lines: 'vald', tables: hashes.value })));
}

/**
 * Fills `view` with links to the chunks of a preset's set at `folder` that hold its first `count` stars (and the few that share their last
 * chunk), making those that lack. Failures: `TRAINING_SET_INCOMPLETE`.
 */
export async function firstStars(preset: PresetName, folder: string, count: number, view: string): Promise<Result<string>> {
  const lacks = (): number => (existsSync(join(folder, 'dataset.json')) ? tasksLeft(chunksOf(folder), count, 1).length : count);
  if (lacks() > 0) {
    const code = await makeTrainingSet(['--set', preset, '--count', String(count)]);
    if (code !== EXIT.done || lacks() > 0)
      return failed(
        'TRAINING_SET_INCOMPLETE',
        `${folder} lacks ${String(lacks())} of its first ${String(count)} stars.`,
        `npm run maury -- trainingset --set ${preset} --count ${String(count)} says why.`,
      );
  }
  // Anew each time: the set may have been cut into other chunks.
  rmSync(view, { recursive: true, force: true });
  mkdirSync(view, { recursive: true });
  const chunks = chunksOf(folder).filter(({ from }) => from < count);
  for (const path of [join(folder, 'dataset.json'), ...chunks.map((chunk) => chunk.path)]) symlinkSync(path, join(view, basename(path)));
  return success(view);
}
