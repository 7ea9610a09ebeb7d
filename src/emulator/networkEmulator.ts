/** The emulator that the fit uses, over any network: scales labels, cuts batches, and gives derivatives in units of the labels. */
import type { BackendReport, Emulator } from '../domain/emulator.ts';
import type { ModelBundle } from './bundle/bundle.ts';
import { emulatorInfo, nativeWavelength } from './bundle/manifest.ts';
import { scaleLabels } from './bundle/scaling.ts';
import type { Network } from './network.ts';

/** Calls reject once the emulator was disposed of, and where a vector has not as many values as the model has labels. */
export function networkEmulator(bundle: ModelBundle, network: Network, backend: BackendReport): Emulator {
  const info = emulatorInfo(bundle.manifest);
  let disposed = false;
  const scaled = (labels: Float64Array): Float64Array => {
    if (disposed) throw new Error('the emulator was disposed of');
    return scaleLabels(info.labels, labels);
  };
  return {
    info,
    backend,
    wavelength: nativeWavelength(info.grid),
    batch: network.batch,
    async predict(labels) {
      const flux: Float32Array[] = [];
      for (let start = 0; start < labels.length; start += network.batch)
        flux.push(...(await network.forward(labels.slice(start, start + network.batch).map(scaled))));
      return flux;
    },
    async gradient(labels, seed) {
      const { flux, slopes } = await network.gradient(scaled(labels), seed);
      return { flux, gradient: Float64Array.from(info.labels, ({ halfRange }, j) => slopes[j] / halfRange) };
    },
    async jacobian(labels) {
      const { flux, derivatives } = await network.jacobian(scaled(labels));
      derivatives.forEach((derivative, j) => {
        const factor = 1 / (info.labels[j]?.halfRange ?? NaN);
        for (let i = 0; i < derivative.length; i++) derivative[i] = derivative[i] * factor;
      });
      return { flux, derivatives };
    },
    dispose() {
      if (!disposed) network.dispose();
      disposed = true;
    },
  };
}
