import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded stream of random numbers; the same seed gives the same stream on every machine. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** An independent stream (2^64 steps ahead); this one is unchanged by what the other draws. */
  split(): RandomStream;
}

/**
 * Streams on xoroshiro128+ of pure-rand; normals by the polar method (Marsaglia & Bray 1964). Seed and `substream` (integers) are scrambled into the 128 bits
 * of the state, since the generator itself passes likeness of states on for some thirty draws: neighbouring seeds are unrelated from the first draw.
 */
export function randomStream(seed: number, substream = 0): RandomStream {
  return streamOf(xoroshiro128plusFromState(scrambledState(seed, substream)));
}

/** The 32-bit finaliser of MurmurHash3 (Appleby, public domain): a bijection in which every bit of the input moves half of the output's. */
function scramble(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return h ^ (h >>> 16);
}

/** Four words, each a chain of its own (from the digits of π) over the low and high halves of the numbers. */
function scrambledState(...numbers: readonly number[]): number[] {
  const halves = numbers.flatMap((n) => [n | 0, Math.floor(n / 2 ** 32) | 0]);
  return [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344].map((start) =>
    halves.reduce((word, half) => scramble((word + 0x9e37_79b9) ^ half), start),
  );
}

function streamOf(generator: ReturnType<typeof xoroshiro128plusFromState>): RandomStream {
  let spare: number | null = null;
  const uniform = () => uniformFloat64(generator);
  return {
    uniform,
    normal() {
      if (spare !== null) {
        const value = spare;
        spare = null;
        return value;
      }
      for (;;) {
        const u = 2 * uniform() - 1;
        const v = 2 * uniform() - 1;
        const square = u * u + v * v;
        if (square > 0 && square < 1) {
          const scale = Math.sqrt((-2 * Math.log(square)) / square);
          spare = v * scale;
          return u * scale;
        }
      }
    },
    split() {
      const child = generator.clone();
      generator.jump();
      return streamOf(child);
    },
  };
}
