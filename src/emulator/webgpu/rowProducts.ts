import * as tf from '@tensorflow/tfjs-core';

import type { Matrix } from '../bundle/matrix.ts';
import { cube, flat } from './ops.ts';

/** Products of every patch with the patch's own matrix [from, to]. */
export interface RowProducts {
  /** Tokens [n·patches, from] → [n, patches·to]. Call inside a tidy. */
  apply(tokens: tf.Tensor2D): tf.Tensor2D;
  /** Many rows of each patch, (patch, row): [patches·rows, from] → [patches·rows, to]. Call inside a tidy. */
  applyToMany(rows: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

/** As one 3-D product, as a GPU wants it. */
export function batchedRowProducts(matrices: readonly Matrix[]): RowProducts {
  const patches = matrices.length;
  const [from, to] = sizeOf(matrices);
  const values = new Float32Array(patches * from * to);
  matrices.forEach((m, p) => {
    values.set(m.values, p * from * to);
  });
  const stacked = tf.tensor3d(values, [patches, from, to]);
  return {
    apply: (tokens) => {
      const n = tokens.shape[0] / patches;
      const byPatch = tf.transpose(cube(tokens, n, patches, from), [1, 0, 2]);
      return flat(tf.transpose(tf.matMul(byPatch, stacked), [1, 0, 2]), n, patches * to);
    },
    applyToMany: (rows) => flat(tf.matMul(cube(rows, patches, rows.shape[0] / patches, from), stacked), rows.shape[0], to),
    dispose: () => {
      stacked.dispose();
    },
  };
}

const sizeOf = (matrices: readonly Matrix[]): [number, number] => [matrices[0]?.rows ?? 0, matrices[0]?.columns ?? 0];
