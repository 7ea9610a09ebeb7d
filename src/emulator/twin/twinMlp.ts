import type { MlpArchitecture } from '../bundle/architecture.ts';
import { leakyRelu, linear, silu } from './dual.ts';
import type { Dual } from './dual.ts';
import type { Twin } from './twin.ts';

const ACTIVATIONS: Readonly<Record<MlpArchitecture['activation'], (a: Dual) => Dual>> = { silu, 'leaky-relu': leakyRelu };

export const mlpTwin =
  (architecture: MlpArchitecture): Twin =>
  (weights, x, directions) => {
    const dense = (a: Dual, name: string): Dual => linear(a, weights(`${name}.w`), weights(`${name}.b`));
    const activation = ACTIVATIONS[architecture.activation];
    let h: Dual = {
      rows: 1,
      columns: x.length,
      value: x,
      tangents: Array.from({ length: directions }, (_, j) => Float64Array.from(x, (_x, i) => (i === j ? 1 : 0))),
    };
    for (let l = 0; l < architecture.layers; l++) h = activation(dense(h, `hidden${String(l)}`));
    return dense(h, 'head');
  };
