import * as tf from '@tensorflow/tfjs-core';

import type { BackendReport, EmulatedJacobian, Emulator } from '../domain/emulator.ts';
import { expand, scaledBasis } from './basis.ts';
import type { ModelBundle } from './bundle.ts';
import { foldNetwork } from './fold.ts';
import { emulatorInfo, nativeWavelength } from './manifest.ts';
import { scaleLabels } from './scaling.ts';
import { TfNetwork } from './tfNetwork.ts';

/** Label vectors that go through the network at once on a GPU. */
const GPU_BATCH = 64;

/**
 * The emulator on a tfjs backend that is ready. The network runs there; the fixed basis is applied to a flux on the CPU, where it costs
 * less than one small product per patch would. All tensors but the weights are freed before a call returns.
 */
export function createTfEmulator(bundle: ModelBundle, backend: BackendReport): Emulator {
  const info = emulatorInfo(bundle.manifest);
  const { patches, components, patchSize } = bundle.manifest.architecture;
  const basis = scaledBasis(bundle);
  const network = new TfNetwork(foldNetwork(bundle), basis.rows, bundle.manifest.architecture);
  const onGpu = backend.name === 'webgpu';
  let disposed = false;

  const inputs = (vectors: readonly Float64Array[]): tf.Tensor2D =>
    tf.tensor2d(Float32Array.from(vectors.flatMap((vector) => Array.from(scaleLabels(info.labels, vector)))), [
      vectors.length,
      info.labels.length,
    ]);

  async function coefficients(vectors: readonly Float64Array[]): Promise<Float32Array> {
    await ready();
    const y = tf.tidy(() => network.forward(inputs(vectors), onGpu));
    const values = await y.data<'float32'>();
    y.dispose();
    return values;
  }

  /** Another emulator of this process may have chosen another backend since. */
  async function ready(): Promise<void> {
    if (disposed) throw new Error('the emulator was disposed of');
    if (tf.getBackend() !== backend.name) await tf.setBackend(backend.name);
  }

  return {
    info,
    backend,
    wavelength: nativeWavelength(info.grid),
    async predict(labels) {
      const flux: Float32Array[] = [];
      const block = onGpu ? GPU_BATCH : 1;
      for (let start = 0; start < labels.length; start += block) {
        const part = labels.slice(start, start + block);
        const y = await coefficients(part);
        for (let i = 0; i < part.length; i++) flux.push(expand(basis, y.subarray(i * patches * components)));
      }
      return flux;
    },
    async jacobian(labels): Promise<EmulatedJacobian> {
      await ready();
      const { y, dFlux } = tf.tidy(() => network.jacobian(inputs([labels])));
      const [values, rows] = await Promise.all([y.data<'float32'>(), dFlux.data<'float32'>()]);
      tf.dispose([y, dFlux]);
      return {
        flux: expand(basis, values),
        derivatives: info.labels.map(({ halfRange }, j) => {
          const derivative = new Float32Array(info.grid.count);
          for (let p = 0; p < patches; p++) {
            const from = (p * info.labels.length + j) * patchSize;
            derivative.set(rows.subarray(from, from + patchSize), p * patchSize);
          }
          return derivative.map((value) => value / halfRange);
        }),
      };
    },
    dispose() {
      if (!disposed) network.dispose();
      disposed = true;
    },
  };
}
