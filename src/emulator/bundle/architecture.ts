/** What every network shares: labels in, coefficients of a fixed basis out, patch by patch of the spectrum. */
interface Frame {
  readonly labels: number;
  readonly patches: number;
  readonly patchSize: number;
  readonly components: number;
}

/**
 * The patch transformer (training/model.py holds the same network in PyTorch, with the same names of tensors):
 *
 *     x = (label − centre) / halfRange
 *     f = [x, silu(silu(x·code0.w + code0.b)·code1.w + code1.b)·code2.w + code2.b]   once per star; f = x where `code` is 0
 *     h[p] = embedding[p] + (f·input.w + input.b)[p]              every patch takes its own linear look at both
 *     per layer: u = LN1(h); [q k v] = u·qkv; h += softmax(q kᵀ/√dₕ) v · out; h += silu(LN2(h)·up)·down
 *     y[p] = LN(h)[p]·head[p] + (f·skip)[p]
 *     flux[p] = mean[p] + (y[p] ∘ scale[p])·basis[p]               fixed, orthonormal per patch
 */
export interface TransformerArchitecture extends Frame {
  readonly name: 'patch-transformer';
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly mlpRatio: number;
  /** What the perceptron in front of the patches adds to the labels, and the width of its two hidden layers; 0: there is none. */
  readonly code: number;
  readonly codeWidth: number;
  readonly activation: 'silu';
  readonly normEpsilon: number;
}

/**
 * A multilayer perceptron of The Payne's kind (Ting et al. 2019, ApJ 879, 69), version 1 (training/mlp.py holds the same):
 *
 *     h = a(x·hidden0.w + hidden0.b); h = a(h·hidden1.w + hidden1.b); …
 *     y = h·head.w + head.b                                       coefficients of all patches
 *     flux[p] = mean[p] + (y[p] ∘ scale[p])·basis[p]               as above
 */
export interface MlpArchitecture extends Frame {
  readonly name: 'mlp';
  readonly width: number;
  /** Hidden layers. */
  readonly layers: number;
  /** leaky-relu: x above zero, 0.01 x below. */
  readonly activation: 'silu' | 'leaky-relu';
}

export type Architecture = TransformerArchitecture | MlpArchitecture;

/** Tensors that a network of these sizes needs, with their shapes; matrices are [in, out], row-major. */
export function tensorShapes(a: Architecture): Map<string, readonly number[]> {
  const network = a.name === 'mlp' ? mlpShapes(a) : transformerShapes(a);
  return new Map<string, readonly number[]>([
    ...network,
    ['mean', [a.patches, a.patchSize]],
    ['scale', [a.patches, a.components]],
    ['basis', [a.patches, a.components, a.patchSize]],
  ]);
}

type Shapes = [string, readonly number[]][];

const linear = (name: string, from: number, to: number): Shapes => [
  [`${name}.w`, [from, to]],
  [`${name}.b`, [to]],
];

function mlpShapes(a: MlpArchitecture): Shapes {
  const hidden = Array.from({ length: a.layers }, (_, l) => linear(`hidden${String(l)}`, l === 0 ? a.labels : a.width, a.width));
  return [...hidden.flat(), ...linear('head', a.width, a.patches * a.components)];
}

function transformerShapes(a: TransformerArchitecture): Shapes {
  const norm = (name: string): Shapes => [
    [`${name}.g`, [a.width]],
    [`${name}.b`, [a.width]],
  ];
  const layers = Array.from({ length: a.layers }, (_, l): Shapes => {
    const name = `layer${String(l)}`;
    return [
      ...norm(`${name}.norm1`),
      ...norm(`${name}.norm2`),
      ...linear(`${name}.qkv`, a.width, 3 * a.width),
      ...linear(`${name}.out`, a.width, a.width),
      ...linear(`${name}.up`, a.width, a.mlpRatio * a.width),
      ...linear(`${name}.down`, a.mlpRatio * a.width, a.width),
    ];
  });
  const code = codeSizes(a).map(([from, to], l) => linear(`code${String(l)}`, from, to));
  return [
    ...code.flat(),
    ['embedding', [a.patches, a.width]],
    ...linear('input', inputSize(a), a.patches * a.width),
    ...layers.flat(),
    ...norm('norm'),
    ['head.w', [a.patches, a.width, a.components]],
    ['head.b', [a.patches, a.components]],
    ['skip.w', [inputSize(a), a.patches * a.components]],
  ];
}

/** Length of f: what every patch looks at. */
export const inputSize = (a: TransformerArchitecture): number => a.labels + a.code;

/** [in, out] of the linear layers of the code; none where there is no code. */
export const codeSizes = ({ labels, code, codeWidth }: TransformerArchitecture): readonly (readonly [number, number])[] =>
  code === 0
    ? []
    : [
        [labels, codeWidth],
        [codeWidth, codeWidth],
        [codeWidth, code],
      ];

/** What sizes contradict one another, in words; null where none do. */
export function architectureFault(a: Architecture): string | null {
  if (a.name === 'patch-transformer' && a.width % a.heads !== 0)
    return `A width of ${String(a.width)} does not divide into ${String(a.heads)} heads.`;
  if (a.name === 'patch-transformer' && (a.code === 0) !== (a.codeWidth === 0))
    return `A code of ${String(a.code)} with hidden layers of ${String(a.codeWidth)}.`;
  return null;
}

/** Multiplications of one forward pass, from labels to pixels. */
export function multiplications(a: Architecture): number {
  const pixels = a.patches * a.components * a.patchSize;
  if (a.name === 'mlp') return a.width * (a.labels + (a.layers - 1) * a.width + a.patches * a.components) + pixels;
  const perToken = (4 + 2 * a.mlpRatio) * a.width ** 2 + 2 * a.patches * a.width;
  const ends = (inputSize(a) + a.components) * a.width + inputSize(a) * a.components;
  const code = codeSizes(a).reduce((sum, [from, to]) => sum + from * to, 0);
  return code + a.patches * (a.layers * perToken + ends) + pixels;
}
