/** Starts tfjs's WebGPU backend, where `findAdapter` has found an adapter: tfjs itself would fall to another backend in silence. */
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';

import { failed, success } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';

/** `adapter` is what the adapter is, and comes back. Failure: WEBGPU_UNAVAILABLE. */
export async function startWebgpu(adapter: string): Promise<Result<string>> {
  try {
    if ((await tf.setBackend('webgpu')) && tf.getBackend() === 'webgpu') return success(adapter);
    return failed('WEBGPU_UNAVAILABLE', `tfjs could not start ${adapter}`);
  } catch (error) {
    return failed('WEBGPU_UNAVAILABLE', `WebGPU did not start: ${error instanceof Error ? error.message : String(error)}`);
  }
}
