import type { EmulatedJacobian, Emulator } from '../domain/emulator.ts';
import type { ModelBundle } from './bundle.ts';
import { add, attention, layerNorm, linear, linearPerRow, multiply, silu } from './dual.ts';
import type { Dual } from './dual.ts';
import { emulatorInfo, nativeWavelength } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { scaleLabels } from './scaling.ts';

/**
 * The float64 twin of the network, written from the formulae of architecture.ts with the weights as they are in the file; its
 * derivatives are exact (forward mode). About a hundred times slower than wasm: for tests, and where nothing else runs.
 */
export function createReferenceEmulator(
  bundle: ModelBundle,
  reason = 'plain TypeScript in double precision, as asked for: slow',
): Emulator {
  const info = emulatorInfo(bundle.manifest);
  const model: Model = {
    manifest: bundle.manifest,
    weights: new Map([...bundle.tensors].map(([name, values]) => [name, Float64Array.from(values)])),
  };
  return {
    info,
    backend: { name: 'reference', reason },
    wavelength: nativeWavelength(info.grid),
    predict: (labels) =>
      Promise.resolve(
        labels.map((vector) => {
          const y = network(model, scaleLabels(info.labels, vector), 0);
          return Float32Array.from(pixels(model, y.value, true));
        }),
      ),
    jacobian: (vector) => Promise.resolve(referenceJacobian(model, vector)),
    dispose: () => undefined,
  };
}

/** The bundle with its weights in double precision. */
interface Model {
  readonly manifest: Manifest;
  readonly weights: ReadonlyMap<string, Float64Array>;
}

function weightsOf(model: Model, name: string): Float64Array {
  const values = model.weights.get(name);
  if (values === undefined) throw new Error(`bundle ${model.manifest.id} has no tensor ${name}`);
  return values;
}

/** Flux and exact derivatives per unit of each label. */
function referenceJacobian(model: Model, vector: Float64Array): EmulatedJacobian {
  const { labels } = model.manifest;
  const y = network(model, scaleLabels(labels, vector), labels.length);
  return {
    flux: Float32Array.from(pixels(model, y.value, true)),
    derivatives: labels.map(({ halfRange }, j) =>
      Float32Array.from(pixels(model, y.tangents[j] as Float64Array, false), (value) => value / halfRange),
    ),
  };
}

/** Coefficients y [patches, components] at scaled labels x, with tangents along the first `directions` labels. */
function network(model: Model, x: Float64Array, directions: number): Dual {
  const { patches, width, components, layers, heads, normEpsilon } = model.manifest.architecture;
  const weights = (name: string): Float64Array => weightsOf(model, name);
  const row = (name: string, columns: number, j: number): Float64Array => weights(name).slice(j * columns, (j + 1) * columns);
  const labelled = (name: string, columns: number, rest: (i: number) => number): Dual => ({
    rows: patches,
    columns,
    value: multiply(x, weights(name), 1, x.length, patches * columns).map((value, i) => value + rest(i)),
    tangents: Array.from({ length: directions }, (_, j) => row(name, patches * columns, j)),
  });
  const norm = (a: Dual, name: string): Dual => layerNorm(a, weights(`${name}.g`), weights(`${name}.b`), normEpsilon);
  const dense = (a: Dual, name: string): Dual => linear(a, weights(`${name}.w`), weights(`${name}.b`));

  const embedding = weights('embedding');
  const inputBias = weights('input.b');
  let h = labelled('input.w', width, (i) => (embedding[i] as number) + (inputBias[i] as number));
  for (let l = 0; l < layers; l++) {
    const name = `layer${String(l)}`;
    h = add(h, dense(attention(dense(norm(h, `${name}.norm1`), `${name}.qkv`), heads), `${name}.out`));
    h = add(h, dense(silu(dense(norm(h, `${name}.norm2`), `${name}.up`)), `${name}.down`));
  }
  const bias = weights('head.b');
  return add(
    linearPerRow(norm(h, 'norm'), weights('head.w'), components),
    labelled('skip.w', components, (i) => bias[i] as number),
  );
}

/** Coefficients → pixels (derivatives leave the mean spectrum out). */
function pixels(model: Model, y: Float64Array, withMean: boolean): Float64Array {
  const { patches, patchSize, components } = model.manifest.architecture;
  const scale = weightsOf(model, 'scale');
  const basis = weightsOf(model, 'basis');
  const out = new Float64Array(patches * patchSize);
  for (let p = 0; p < patches; p++) {
    const scaled = y.subarray(p * components, (p + 1) * components).map((value, k) => value * (scale[p * components + k] as number));
    const size = components * patchSize;
    out.set(multiply(scaled, basis.subarray(p * size, (p + 1) * size), 1, components, patchSize), p * patchSize);
  }
  const mean = weightsOf(model, 'mean');
  return withMean ? out.map((value, i) => value + (mean[i] as number)) : out;
}
