import type { Figure } from './figure.ts';

/** What a figure in a file says over its axes: a title, with what it was made in smaller letters below. */
export interface PaperTitle {
  readonly title: string;
  readonly about: string;
}

/** A figure that stands alone in a file: with a title, and the key that the page shows in the panel's head unless its curves need none. */
export function forPaper({ data, layout }: Figure, { title, about }: PaperTitle, key = true): Figure {
  return {
    data,
    layout: {
      ...layout,
      autosize: false,
      title: {
        text: `${title}<br><span style="font-size: 10px">${about}</span>`,
        x: 0.01,
        xanchor: 'left',
        y: 0.985,
        yanchor: 'top',
        font: { size: 13 },
      },
      showlegend: key,
      legend: { orientation: 'h', x: 1, xanchor: 'right', y: 1.005, yanchor: 'bottom', yref: 'paper', bgcolor: 'rgba(0, 0, 0, 0)' },
      margin: { ...layout.margin, t: 72 },
      annotations: (layout.annotations ?? []).map((note) => (note.yref === 'paper' ? { ...note, y: 1, yanchor: 'top' as const } : note)),
    },
  };
}
