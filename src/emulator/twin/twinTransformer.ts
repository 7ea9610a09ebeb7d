import type { TransformerArchitecture } from '../bundle/architecture.ts';
import { add, attention, beside, layerNorm, linear, linearPerRow, silu } from './dual.ts';
import type { Dual } from './dual.ts';
import type { Twin } from './twin.ts';

export const transformerTwin =
  (architecture: TransformerArchitecture): Twin =>
  (weights, x, directions) => {
    const { patches, width, components, layers, heads, code, normEpsilon } = architecture;
    const norm = (a: Dual, name: string): Dual => layerNorm(a, weights(`${name}.g`), weights(`${name}.b`), normEpsilon);
    const dense = (a: Dual, name: string): Dual => linear(a, weights(`${name}.w`), weights(`${name}.b`));

    const labels: Dual = {
      rows: 1,
      columns: x.length,
      value: x,
      tangents: Array.from({ length: directions }, (_, j) => Float64Array.from(x, (_x, i) => (i === j ? 1 : 0))),
    };
    const looks = code === 0 ? labels : beside(labels, dense(silu(dense(silu(dense(labels, 'code0')), 'code1')), 'code2'));
    /** What every patch makes of them. */
    const perPatch = (name: string, columns: number, bias: Float64Array): Dual => ({
      ...linear(looks, weights(name), bias),
      rows: patches,
      columns,
    });

    const embedding = weights('embedding');
    let h = perPatch(
      'input.w',
      width,
      weights('input.b').map((value, i) => value + embedding[i]),
    );
    for (let l = 0; l < layers; l++) {
      const name = `layer${String(l)}`;
      h = add(h, dense(attention(dense(norm(h, `${name}.norm1`), `${name}.qkv`), heads), `${name}.out`));
      h = add(h, dense(silu(dense(norm(h, `${name}.norm2`), `${name}.up`)), `${name}.down`));
    }
    return add(linearPerRow(norm(h, 'norm'), weights('head.w'), components), perPatch('skip.w', components, weights('head.b')));
  };
