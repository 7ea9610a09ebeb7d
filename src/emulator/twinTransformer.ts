import type { TransformerArchitecture } from './architecture.ts';
import { add, attention, layerNorm, linear, linearPerRow, multiply, silu } from './dual.ts';
import type { Dual } from './dual.ts';
import type { Twin } from './twin.ts';

export const transformerTwin =
  (architecture: TransformerArchitecture): Twin =>
  (weights, x, directions) => {
    const { patches, width, components, layers, heads, normEpsilon } = architecture;
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
  };
