import { gradientFromJacobian } from '../../domain/emulator.ts';
import type { EmulatedJacobian, Emulator } from '../../domain/emulator.ts';
import type { Architecture } from '../bundle/architecture.ts';
import type { ModelBundle } from '../bundle/bundle.ts';
import { multiply } from './dual.ts';
import { emulatorInfo, nativeWavelength } from '../bundle/manifest.ts';
import type { Manifest } from '../bundle/manifest.ts';
import { scaleLabels } from '../bundle/scaling.ts';
import type { Twin } from './twin.ts';
import { mlpTwin } from './twinMlp.ts';
import { transformerTwin } from './twinTransformer.ts';

/**
 * The float64 twin of the network, with the weights as they are in the file; its derivatives are exact (forward mode). About a
 * hundred times slower than wasm: for tests, and where nothing else runs.
 */
export function createReferenceEmulator(
  bundle: ModelBundle,
  reason = 'plain TypeScript in double precision, as asked for: slow',
): Emulator {
  const info = emulatorInfo(bundle.manifest);
  const model: Model = {
    manifest: bundle.manifest,
    weights: new Map([...bundle.tensors].map(([name, values]) => [name, Float64Array.from(values)])),
    network: twinOf(bundle.manifest.architecture),
  };
  return {
    info,
    backend: { name: 'reference', reason },
    wavelength: nativeWavelength(info.grid),
    batch: 1,
    predict: (labels) =>
      Promise.resolve(
        labels.map((vector) => {
          const y = model.network((name) => weightsOf(model, name), scaleLabels(info.labels, vector), 0);
          return Float32Array.from(pixels(model, y.value, true));
        }),
      ),
    gradient: (vector, seed) => Promise.resolve(gradientFromJacobian(referenceJacobian(model, vector), seed)),
    jacobian: (vector) => Promise.resolve(referenceJacobian(model, vector)),
    dispose: () => undefined,
  };
}

/** The bundle with its weights in double precision. */
interface Model {
  readonly manifest: Manifest;
  readonly weights: ReadonlyMap<string, Float64Array>;
  readonly network: Twin;
}

function twinOf(architecture: Architecture): Twin {
  switch (architecture.name) {
    case 'patch-transformer':
      return transformerTwin(architecture);
    case 'mlp':
      return mlpTwin(architecture);
  }
}

function weightsOf(model: Model, name: string): Float64Array {
  const values = model.weights.get(name);
  if (values === undefined) throw new Error(`bundle ${model.manifest.id} has no tensor ${name}`);
  return values;
}

/** Flux and exact derivatives per unit of each label. */
function referenceJacobian(model: Model, vector: Float64Array): EmulatedJacobian {
  const { labels } = model.manifest;
  const y = model.network((name) => weightsOf(model, name), scaleLabels(labels, vector), labels.length);
  return {
    flux: Float32Array.from(pixels(model, y.value, true)),
    derivatives: labels.map(({ halfRange }, j) => Float32Array.from(pixels(model, y.tangents[j], false), (value) => value / halfRange)),
  };
}

/** Coefficients → pixels (derivatives leave the mean spectrum out). */
function pixels(model: Model, y: Float64Array, withMean: boolean): Float64Array {
  const { patches, patchSize, components } = model.manifest.architecture;
  const scale = weightsOf(model, 'scale');
  const basis = weightsOf(model, 'basis');
  const out = new Float64Array(patches * patchSize);
  for (let p = 0; p < patches; p++) {
    const scaled = y.subarray(p * components, (p + 1) * components).map((value, k) => value * scale[p * components + k]);
    const size = components * patchSize;
    out.set(multiply(scaled, basis.subarray(p * size, (p + 1) * size), 1, components, patchSize), p * patchSize);
  }
  const mean = weightsOf(model, 'mean');
  return withMean ? out.map((value, i) => value + mean[i]) : out;
}
