/**
 * The patch transformer, version 1 (training/model.py holds the same network in PyTorch, with the same names of tensors):
 *
 *     x = (label − centre) / halfRange
 *     h[p] = embedding[p] + (x·input.w + input.b)[p]              every patch takes its own linear look at the labels
 *     per layer: u = LN1(h); [q k v] = u·qkv; h += softmax(q kᵀ/√dₕ) v · out; h += silu(LN2(h)·up)·down
 *     y[p] = LN(h)[p]·head[p] + (x·skip)[p]
 *     flux[p] = mean[p] + (y[p] ∘ scale[p])·basis[p]               fixed, orthonormal per patch
 */
export interface Architecture {
  readonly labels: number;
  readonly patches: number;
  readonly patchSize: number;
  readonly components: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly mlpRatio: number;
  readonly normEpsilon: number;
}

/** Tensors that a network of these sizes needs, with their shapes; matrices are [in, out], row-major. */
export function tensorShapes(a: Architecture): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>([
    ['embedding', [a.patches, a.width]],
    ['input.w', [a.labels, a.patches * a.width]],
    ['input.b', [a.patches * a.width]],
  ]);
  const linear = (name: string, from: number, to: number): void => {
    shapes.set(`${name}.w`, [from, to]).set(`${name}.b`, [to]);
  };
  for (let l = 0; l < a.layers; l++) {
    for (const norm of ['norm1', 'norm2'])
      shapes.set(`layer${String(l)}.${norm}.g`, [a.width]).set(`layer${String(l)}.${norm}.b`, [a.width]);
    linear(`layer${String(l)}.qkv`, a.width, 3 * a.width);
    linear(`layer${String(l)}.out`, a.width, a.width);
    linear(`layer${String(l)}.up`, a.width, a.mlpRatio * a.width);
    linear(`layer${String(l)}.down`, a.mlpRatio * a.width, a.width);
  }
  shapes.set('norm.g', [a.width]).set('norm.b', [a.width]);
  shapes.set('head.w', [a.patches, a.width, a.components]).set('head.b', [a.patches, a.components]);
  shapes.set('skip.w', [a.labels, a.patches * a.components]);
  shapes.set('mean', [a.patches, a.patchSize]).set('scale', [a.patches, a.components]);
  shapes.set('basis', [a.patches, a.components, a.patchSize]);
  return shapes;
}
