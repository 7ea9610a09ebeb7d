import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded stream of random numbers; the same seed gives the same stream on every machine. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** An independent stream (2^64 steps ahead); this one is unchanged by what the other draws. */
  split(): RandomStream;
}

/** Streams on xoroshiro128+ of pure-rand; normals by the polar method (Marsaglia & Bray 1964). */
export function randomStream(seed: number): RandomStream {
  return streamOf(xoroshiro128plus(seed));
}

function streamOf(generator: ReturnType<typeof xoroshiro128plus>): RandomStream {
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
