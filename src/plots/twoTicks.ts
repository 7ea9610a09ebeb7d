import type { LayoutAxis } from 'plotly.js';

/** Share of an axis at each end that is kept free of ticks: where panels touch, a number there would run into the next panel's. */
const FREE = 0.2;
/** The two ticks are at least this share of the axis apart. */
const APART = 0.45;

/** Two round numbers well inside a range and well apart, as a plotly axis takes them: the fewest that give a scale. None where there is no range. */
export function twoTicks(low: number, high: number): Required<Pick<LayoutAxis, 'tickmode' | 'tickvals' | 'ticktext'>> {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return { tickmode: 'array', tickvals: [], ticktext: [] };
  for (let power = Math.floor(Math.log10(span)); ; power--) {
    for (const digit of [5, 2, 1]) {
      const step = digit * 10 ** power;
      const first = Math.ceil((low + FREE * span) / step);
      const last = Math.floor((high - FREE * span) / step);
      if ((last - first) * step < APART * span) continue;
      const values = [first, last].map((count) => Number((count * step).toPrecision(12)));
      const texts = values.map((value) => value.toFixed(Math.max(0, -power)).replace('-', '−'));
      return { tickmode: 'array', tickvals: values, ticktext: texts };
    }
  }
}
