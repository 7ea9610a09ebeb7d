import { readFile } from 'node:fs/promises';
import { calibrationFor } from '../../src/calibration/select.ts';
import type { OpenOptions } from '../../src/compute/messages.ts';
import { FitService } from '../../src/compute/service.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { nodeAssets } from '../files/nodeAssets.ts';

/**
 * The service over the site's files on disk; `calibration` may also be a file, which its suffix .json tells. Failures: those of `FitService.open` and
 * `calibrationFor`.
 */
export async function openService(options: OpenOptions): Promise<Result<FitService>> {
  const { calibration: file } = options;
  if (file?.endsWith('.json') !== true) return FitService.open(nodeAssets(), options);
  const service = await FitService.open(nodeAssets(), { ...options, calibration: 'none' });
  if (!service.ok) return service;
  const { emulator, identity, card, nature } = service.value;
  const calibration = calibrationFor(await jsonOf(file), identity);
  return calibration.ok
    ? success(new FitService(emulator, identity, calibration.value, card, nature), service.warnings)
    : failed(calibration.failure.code, `${file}: ${calibration.failure.message}`, calibration.failure.hint);
}

/** The JSON of a file; undefined, which is no calibration, where it is none. */
async function jsonOf(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
