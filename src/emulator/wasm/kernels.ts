/**
 * The kernels of the network in WebAssembly SIMD, on float32. Matrices are row-major in one memory; pointers and steps are in bytes; the columns
 * that a kernel writes come in multiples of 8, padded where the network has fewer. Two modules come of the same text: one whose products are
 * fused with their sums (relaxed SIMD), and one for engines without.
 */
import { advance, call, f32, f32x4, i32, i32x4, ModuleBuilder, repeat, sequence, when } from './assembler.ts';
import type { Code, Local } from './assembler.ts';

/**
 * Rows and columns of a product that are summed in registers: 8 sums of 4 numbers, 2 vectors of b and, as V8 orders the instructions, 4 numbers
 * of a; 16 registers hold no more, and a sum that does not fit halves the speed.
 */
const TILE_ROWS = 4;
export const TILE_COLUMNS = 8;

type Madd = (a: Code, b: Code, c: Code) => Code;

/** A module of all kernels. */
export function kernelModule(relaxed: boolean): Uint8Array<ArrayBuffer> {
  const madd: Madd = relaxed ? f32x4.relaxedMadd : (a, b, c) => f32x4.add(f32x4.mul(a, b), c);
  const module = new ModuleBuilder();
  defineProduct(module, madd);
  defineTranspose(module);
  defineNorms(module, madd);
  defineSoftmax(module, madd);
  defineActivations(module, madd);
  return module.bytes();
}

/** c = a·b + bias, or c += a·b + bias: [rows, inner]·[inner, columns], with columns a multiple of 8 and b in panels of 8 columns. */
function defineProduct(module: ModuleBuilder, madd: Madd): void {
  const tiles = Array.from({ length: TILE_ROWS }, (_, i) => defineTile(module, i + 1, madd));
  module.define(
    'product',
    {
      ...{ a: 'i32', aStep: 'i32', b: 'i32', bStep: 'i32', panelStep: 'i32', bias: 'i32' },
      ...{ c: 'i32', cStep: 'i32', rows: 'i32', columns: 'i32', inner: 'i32', accumulate: 'i32' },
    },
    (p, local) => {
      const [panels, counter] = [local('i32'), local('i32')];
      const tile = (rows: number): Code =>
        sequence(
          call(
            tiles[rows - 1],
            ...[p.a, p.aStep, p.b, p.bStep, p.panelStep, p.bias, p.c, p.cStep, panels, p.inner, p.accumulate].map(({ get }) => get),
          ),
          advance(p.a, i32.mul(p.aStep.get, i32.const(rows))),
          advance(p.c, i32.mul(p.cStep.get, i32.const(rows))),
        );
      const whole = i32.divide(p.rows.get, i32.const(TILE_ROWS));
      return sequence(
        panels.set(i32.divide(p.columns.get, i32.const(TILE_COLUMNS))),
        repeat(counter, whole, tile(TILE_ROWS)),
        counter.set(i32.sub(p.rows.get, i32.mul(whole, i32.const(TILE_ROWS)))),
        ...Array.from({ length: TILE_ROWS - 1 }, (_, i) => when(i32.equal(counter.get, i32.const(i + 1)), tile(i + 1))),
      );
    },
  );
}

/** A strip of `rows` rows of the product, panel after panel. */
function defineTile(module: ModuleBuilder, rows: number, madd: Madd): number {
  return module.define(
    `tile${String(rows)}`,
    {
      ...{ a: 'i32', aStep: 'i32', b: 'i32', bStep: 'i32', panelStep: 'i32', bias: 'i32' },
      ...{ c: 'i32', cStep: 'i32', panels: 'i32', inner: 'i32', accumulate: 'i32' },
    },
    (p, local) => {
      const each = <T>(make: (row: number) => T): T[] => Array.from({ length: rows }, (_, row) => make(row));
      const sums = each(() => [local('v128'), local('v128')] as const);
      const pointers = each(() => local('i32'));
      const [b, to, k, panel] = [local('i32'), local('i32'), local('i32'), local('i32')];
      const [left, right, factor] = [local('v128'), local('v128'), local('v128')];
      // One step along the inner dimension. Unrolled, it takes twice as long: V8 then gathers the steps of each sum, and runs out of registers.
      const step = sequence(
        left.set(f32x4.load(b.get)),
        right.set(f32x4.load(b.get, 16)),
        ...sums.map(([first, second], row) =>
          sequence(
            factor.set(f32x4.loadSplat(pointers[row].get)),
            first.set(madd(factor.get, left.get, first.get)),
            second.set(madd(factor.get, right.get, second.get)),
          ),
        ),
        advance(b, p.bStep.get),
        ...pointers.map((pointer) => advance(pointer, 4)),
      );
      const finish = (sum: Local, offset: number): Code =>
        sequence(when(p.accumulate.get, sum.set(f32x4.add(sum.get, f32x4.load(to.get, offset)))), f32x4.store(to.get, sum.get, offset));
      return repeat(
        panel,
        p.panels.get,
        sequence(
          b.set(p.b.get),
          ...pointers.map((pointer, row) => pointer.set(i32.add(p.a.get, i32.mul(p.aStep.get, i32.const(row))))),
          ...sums.flatMap(([first, second]) => [first.set(f32x4.load(p.bias.get)), second.set(f32x4.load(p.bias.get, 16))]),
          repeat(k, p.inner.get, step),
          to.set(p.c.get),
          ...sums.flatMap(([first, second]) => [finish(first, 0), finish(second, 16), advance(to, p.cStep.get)]),
          advance(p.b, p.panelStep.get),
          advance(p.bias, 4 * TILE_COLUMNS),
          advance(p.c, 4 * TILE_COLUMNS),
        ),
      );
    },
  );
}

/** to [columns, rows] = from [rows, columns] transposed. */
function defineTranspose(module: ModuleBuilder): void {
  module.define('transpose', { from: 'i32', fromStep: 'i32', to: 'i32', toStep: 'i32', rows: 'i32', columns: 'i32' }, (p, local) => {
    const [row, column, source, target] = [local('i32'), local('i32'), local('i32'), local('i32')];
    return repeat(
      row,
      p.rows.get,
      sequence(
        source.set(p.from.get),
        target.set(p.to.get),
        repeat(
          column,
          p.columns.get,
          sequence(f32.store(target.get, f32.load(source.get)), advance(source, 4), advance(target, p.toStep.get)),
        ),
        advance(p.from, p.fromStep.get),
        advance(p.to, 4),
      ),
    );
  });
}

/** The sum of the four numbers of a vector. */
const sumOf = (vector: Local): Code =>
  f32.add(f32.add(f32x4.lane(vector.get, 0), f32x4.lane(vector.get, 1)), f32.add(f32x4.lane(vector.get, 2), f32x4.lane(vector.get, 3)));
const greatestOf = (vector: Local): Code =>
  f32.max(f32.max(f32x4.lane(vector.get, 0), f32x4.lane(vector.get, 1)), f32.max(f32x4.lane(vector.get, 2), f32x4.lane(vector.get, 3)));

function defineNorms(module: ModuleBuilder, madd: Madd): void {
  // u = r·h with r = 1/√(mean h² + ε), row by row; padded columns are 0 and count for nothing.
  module.define('norm', { h: 'i32', u: 'i32', r: 'i32', rows: 'i32', columns: 'i32', width: 'i32', epsilon: 'f32' }, (p, local) => {
    const [row, k, at] = [local('i32'), local('i32'), local('i32')];
    const [sum, vector, inverse] = [local('v128'), local('v128'), local('f32')];
    const vectors = i32.divide(p.columns.get, i32.const(4));
    return repeat(
      row,
      p.rows.get,
      sequence(
        sum.set(f32x4.const(0)),
        at.set(p.h.get),
        repeat(k, vectors, sequence(vector.set(f32x4.load(at.get)), sum.set(madd(vector.get, vector.get, sum.get)), advance(at, 16))),
        inverse.set(f32.div(f32.const(1), f32.sqrt(f32.add(f32.div(sumOf(sum), f32.fromInteger(p.width.get)), p.epsilon.get)))),
        f32.store(p.r.get, inverse.get),
        repeat(
          k,
          vectors,
          sequence(f32x4.store(p.u.get, f32x4.mul(f32x4.load(p.h.get), f32x4.splat(inverse.get))), advance(p.h, 16), advance(p.u, 16)),
        ),
        advance(p.r, 4),
      ),
    );
  });
  // The slope of that norm, which is symmetric: out = r·(x − u·mean(u·x)), or out += that; forward for tangents, reverse for gradients.
  module.define(
    'normSlope',
    { x: 'i32', u: 'i32', r: 'i32', out: 'i32', rows: 'i32', columns: 'i32', width: 'i32', accumulate: 'i32' },
    (p, local) => {
      const [row, k, at, along] = [local('i32'), local('i32'), local('i32'), local('i32')];
      const [sum, mean, scale, value] = [local('v128'), local('v128'), local('v128'), local('v128')];
      const vectors = i32.divide(p.columns.get, i32.const(4));
      return repeat(
        row,
        p.rows.get,
        sequence(
          sum.set(f32x4.const(0)),
          at.set(p.x.get),
          along.set(p.u.get),
          repeat(
            k,
            vectors,
            sequence(sum.set(madd(f32x4.load(at.get), f32x4.load(along.get), sum.get)), advance(at, 16), advance(along, 16)),
          ),
          mean.set(f32x4.splat(f32.div(sumOf(sum), f32.fromInteger(p.width.get)))),
          scale.set(f32x4.loadSplat(p.r.get)),
          repeat(
            k,
            vectors,
            sequence(
              value.set(f32x4.mul(scale.get, f32x4.sub(f32x4.load(p.x.get), f32x4.mul(mean.get, f32x4.load(p.u.get))))),
              when(p.accumulate.get, value.set(f32x4.add(value.get, f32x4.load(p.out.get)))),
              f32x4.store(p.out.get, value.get),
              advance(p.x, 16),
              advance(p.u, 16),
              advance(p.out, 16),
            ),
          ),
          advance(p.r, 4),
        ),
      );
    },
  );
}

/**
 * e^x in four lanes to 1e-7 of itself: x = n·ln 2 + r, a polynomial in r (Cephes's expf, Moshier 1989), and n into the exponent's bits.
 * x is cut to ±87, beyond which float32 has no normal numbers.
 */
function exponential(x: Local, n: Local, power: Local, madd: Madd): Code {
  const polynomial = [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1];
  return sequence(
    x.set(f32x4.max(f32x4.min(x.get, f32x4.const(87)), f32x4.const(-87))),
    n.set(f32x4.nearest(f32x4.mul(x.get, f32x4.const(Math.LOG2E)))),
    // ln 2 in two parts, the first of few digits.
    x.set(madd(n.get, f32x4.const(-0.693359375), x.get)),
    x.set(madd(n.get, f32x4.const(2.1219444e-4), x.get)),
    power.set(f32x4.const(polynomial[0])),
    ...polynomial.slice(1).map((coefficient) => power.set(madd(power.get, x.get, f32x4.const(coefficient)))),
    power.set(f32x4.add(madd(f32x4.mul(x.get, x.get), power.get, x.get), f32x4.const(1))),
    x.set(f32x4.mul(power.get, i32x4.shiftLeft(i32x4.add(f32x4.toIntegers(n.get), i32x4.const(127)), i32.const(23)))),
  );
}

function defineSoftmax(module: ModuleBuilder, madd: Madd): void {
  // Rows of scores become weights that sum to 1, in place. Padded scores must be very negative.
  module.define('softmax', { scores: 'i32', rows: 'i32', columns: 'i32' }, (p, local) => {
    const [row, k, at] = [local('i32'), local('i32'), local('i32')];
    const [x, n, power, top, sum] = [local('v128'), local('v128'), local('v128'), local('v128'), local('v128')];
    const vectors = i32.divide(p.columns.get, i32.const(4));
    return repeat(
      row,
      p.rows.get,
      sequence(
        top.set(f32x4.load(p.scores.get)),
        at.set(p.scores.get),
        repeat(k, vectors, sequence(top.set(f32x4.max(top.get, f32x4.load(at.get))), advance(at, 16))),
        top.set(f32x4.splat(greatestOf(top))),
        sum.set(f32x4.const(0)),
        at.set(p.scores.get),
        repeat(
          k,
          vectors,
          sequence(
            x.set(f32x4.sub(f32x4.load(at.get), top.get)),
            exponential(x, n, power, madd),
            f32x4.store(at.get, x.get),
            sum.set(f32x4.add(sum.get, x.get)),
            advance(at, 16),
          ),
        ),
        sum.set(f32x4.splat(f32.div(f32.const(1), sumOf(sum)))),
        repeat(k, vectors, sequence(f32x4.store(p.scores.get, f32x4.mul(f32x4.load(p.scores.get), sum.get)), advance(p.scores, 16))),
      ),
    );
  });
  // The slope of that softmax, which is symmetric: x ← A∘(x − Σ A∘x), row by row, in place, with A the weights.
  module.define('softmaxSlope', { x: 'i32', weights: 'i32', rows: 'i32', columns: 'i32' }, (p, local) => {
    const [row, k, at, along, sum] = [local('i32'), local('i32'), local('i32'), local('i32'), local('v128')];
    const vectors = i32.divide(p.columns.get, i32.const(4));
    return repeat(
      row,
      p.rows.get,
      sequence(
        sum.set(f32x4.const(0)),
        at.set(p.x.get),
        along.set(p.weights.get),
        repeat(
          k,
          vectors,
          sequence(sum.set(madd(f32x4.load(at.get), f32x4.load(along.get), sum.get)), advance(at, 16), advance(along, 16)),
        ),
        sum.set(f32x4.splat(sumOf(sum))),
        repeat(
          k,
          vectors,
          sequence(
            f32x4.store(p.x.get, f32x4.mul(f32x4.load(p.weights.get), f32x4.sub(f32x4.load(p.x.get), sum.get))),
            advance(p.x, 16),
            advance(p.weights, 16),
          ),
        ),
      ),
    );
  });
}

/** Element by element; `count` numbers, a multiple of 4. */
function defineActivations(module: ModuleBuilder, madd: Madd): void {
  // value = a·s with s = 1/(1 + e^−a), and its slope s + value·(1 − s); value may take the place of a.
  module.define('silu', { a: 'i32', value: 'i32', slope: 'i32', count: 'i32' }, (p, local) => {
    const [k, a, x, n, power] = [local('i32'), local('v128'), local('v128'), local('v128'), local('v128')];
    return repeat(
      k,
      i32.divide(p.count.get, i32.const(4)),
      sequence(
        a.set(f32x4.load(p.a.get)),
        x.set(f32x4.neg(a.get)),
        exponential(x, n, power, madd),
        x.set(f32x4.div(f32x4.const(1), f32x4.add(f32x4.const(1), x.get))),
        a.set(f32x4.mul(a.get, x.get)),
        f32x4.store(p.value.get, a.get),
        f32x4.store(p.slope.get, madd(a.get, f32x4.sub(f32x4.const(1), x.get), x.get)),
        advance(p.a, 16),
        advance(p.value, 16),
        advance(p.slope, 16),
      ),
    );
  });
  // a above zero, 0.01·a below.
  module.define('leakyRelu', { a: 'i32', value: 'i32', slope: 'i32', count: 'i32' }, (p, local) => {
    const [k, a, factor] = [local('i32'), local('v128'), local('v128')];
    return repeat(
      k,
      i32.divide(p.count.get, i32.const(4)),
      sequence(
        a.set(f32x4.load(p.a.get)),
        factor.set(f32x4.select(f32x4.const(1), f32x4.const(0.01), f32x4.greater(a.get, f32x4.const(0)))),
        f32x4.store(p.value.get, f32x4.mul(a.get, factor.get)),
        f32x4.store(p.slope.get, factor.get),
        advance(p.a, 16),
        advance(p.value, 16),
        advance(p.slope, 16),
      ),
    );
  });
  // x ← x∘y
  module.define('multiply', { x: 'i32', y: 'i32', count: 'i32' }, (p, local) => {
    const k = local('i32');
    return repeat(
      k,
      i32.divide(p.count.get, i32.const(4)),
      sequence(f32x4.store(p.x.get, f32x4.mul(f32x4.load(p.x.get), f32x4.load(p.y.get))), advance(p.x, 16), advance(p.y, 16)),
    );
  });
}
