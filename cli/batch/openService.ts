import { fileURLToPath } from 'node:url';
import type { OpenOptions } from '../../src/compute/messages.ts';
import { FitService } from '../../src/compute/service.ts';
import type { Result } from '../../src/domain/result.ts';
import { nodeAssets } from '../files/nodeAssets.ts';

/** The .wasm files of tfjs, for Node. */
export const WASM_FOLDER = fileURLToPath(new URL('../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url));

/** The service over the site's files on disk, with wasm read from node_modules. */
export const openService = (options: OpenOptions): Promise<Result<FitService>> => FitService.open(nodeAssets(), options, WASM_FOLDER);
