type Boxes = { x: (number | null)[]; y: (number | null)[] };

/** Closed boxes from 0 to 1 over stretches of wavelength, as one polygon trace with gaps. */
export function stretchBoxes(stretches: readonly (readonly [from: number, to: number])[]): Boxes {
  return {
    x: stretches.flatMap(([from, to]) => [from, from, to, to, from, null]),
    y: stretches.flatMap(() => [0, 1, 1, 0, 0, null]),
  };
}

/** Closed boxes from 0 to 1 over the runs of masked pixels, as one polygon trace with gaps: hundreds of runs cost one path. */
export function maskedBoxes(wavelength: Float64Array, used: Uint8Array): Boxes {
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  const n = wavelength.length;
  const at = (i: number): number => wavelength[Math.max(0, Math.min(n - 1, i))] ?? NaN;
  let i = 0;
  while (i < n) {
    if (used[i] !== 0) {
      i++;
      continue;
    }
    let end = i;
    while (end + 1 < n && used[end + 1] === 0) end++;
    const left = (at(i - 1) + at(i)) / 2;
    const right = (at(end) + at(end + 1)) / 2;
    x.push(left, left, right, right, left, null);
    y.push(0, 1, 1, 0, 0, null);
    i = end + 1;
  }
  return { x, y };
}
