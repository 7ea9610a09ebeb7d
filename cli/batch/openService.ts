import type { OpenOptions } from '../../src/compute/messages.ts';
import { FitService } from '../../src/compute/service.ts';
import type { Result } from '../../src/domain/result.ts';
import { nodeAssets } from '../files/nodeAssets.ts';

/** The service over the site's files on disk. */
export const openService = (options: OpenOptions): Promise<Result<FitService>> => FitService.open(nodeAssets(), options);
