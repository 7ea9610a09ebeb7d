import type { ContourData, HeatmapData, Layout, ScatterData } from 'plotly.js';

export type Trace = Partial<ScatterData>;
export type Contours = Partial<ContourData>;
export type HeatMap = Partial<HeatmapData>;

/** What plotly draws: pure data, made by the functions of this folder. */
export interface Figure {
  readonly data: (Trace | Contours | HeatMap)[];
  readonly layout: Partial<Layout>;
}

/** A window on an axis; null shows everything. */
export type AxisRange = readonly [low: number, high: number] | null;
