const COUNT = 10_000;

/** The 10 000 numbers in [0, 1) that dithered FITS images share: Park & Miller (1988), seed 1, as float32 (FITS standard 4.0, appendix I). */
function makeSequence(): Float32Array {
  const out = new Float32Array(COUNT);
  let seed = 1;
  for (let i = 0; i < COUNT; i++) {
    seed = (16_807 * seed) % 2_147_483_647;
    out[i] = seed / 2_147_483_647;
  }
  return out;
}
let sequence: Float32Array | undefined;

/** The dither of each pixel of one tile; `tile` counts from 0, `seed` is ZDITHER0 (1 … 10 000). Standard 10.2.1. */
export function ditherOfTile(tile: number, seed: number, count: number): Float32Array {
  sequence ??= makeSequence();
  const out = new Float32Array(count);
  let row = (tile + seed - 1) % COUNT;
  let at = Math.trunc((sequence[row] ?? 0) * 500);
  for (let i = 0; i < count; i++) {
    out[i] = sequence[at] ?? 0;
    at++;
    if (at === COUNT) {
      row = (row + 1) % COUNT;
      at = Math.trunc((sequence[row] ?? 0) * 500);
    }
  }
  return out;
}
