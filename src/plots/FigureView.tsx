import { Suspense, lazy, useEffect, useRef } from 'react';
import type { AxisRange, Figure } from './figure.ts';
import { PLOT_CONFIG, hasGrids, loadPlotly } from './plotly.ts';

const plotWith = (grids: boolean) =>
  lazy(async () => {
    const [plotly, { default: createPlotlyComponent }] = await Promise.all([loadPlotly(grids), import('react-plotly.js/factory')]);
    return { default: createPlotlyComponent(plotly) };
  });
const LinePlot = plotWith(false);
const GridPlot = plotWith(true);

interface Props {
  readonly figure: Figure;
  /** What the figure shows, for people who do not see it. */
  readonly label: string;
  /** The person zoomed: a new window, or null for everything. */
  readonly onWindow?: (window: AxisRange) => void;
  /** Told the width of the box, CSS pixels, whenever it changes. */
  readonly onWidth?: (width: number) => void;
  readonly onPoint?: (x: number) => void;
  /** A click on a point whose `customdata` is a key. */
  readonly onKey?: (key: string) => void;
}

const FILL = { width: '100%', height: '100%' } as const;

/** A figure that fills its box and follows its size. */
export function FigureView({ figure, label, onWindow, onWidth, onPoint, onKey }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const Plot = hasGrids(figure) ? GridPlot : LinePlot;
  const graph = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      onWidth?.(element.clientWidth);
      void loadPlotly(false).then(async (plotly) => {
        const drawn = graph.current;
        if (drawn === null || !drawn.isConnected || drawn.clientWidth === 0) return;
        // Its types hide that it answers with a promise, which is refused if the figure vanishes meanwhile: then there is nothing to do.
        const plots = plotly.Plots as { resize(element: HTMLElement): Promise<unknown> };
        await plots.resize(drawn).catch(() => undefined);
      });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [onWidth]);
  return (
    <div
      ref={box}
      style={{ ...FILL, minHeight: 0, minWidth: 0 }}
      role="figure"
      aria-label={label}
      onTouchStartCapture={(event) => {
        // One finger scrolls the page, and a tap still clicks; plotly would take both for a drag.
        if (event.touches.length === 1) event.stopPropagation();
      }}
    >
      <Suspense fallback={null}>
        <Plot
          data={figure.data}
          layout={figure.layout}
          config={PLOT_CONFIG}
          style={FILL}
          onInitialized={(_, element) => {
            graph.current = element;
          }}
          onRelayout={(event: Readonly<Record<string, unknown>>) => {
            const low = event['xaxis.range[0]'];
            const high = event['xaxis.range[1]'];
            if (typeof low === 'number' && typeof high === 'number') onWindow?.([low, high]);
          }}
          onDoubleClick={() => onWindow?.(null)}
          onClick={(event: { readonly points: readonly { readonly x: unknown; readonly customdata?: unknown }[] }) => {
            const { x, customdata } = event.points[0] ?? {};
            if (typeof customdata === 'string') onKey?.(customdata);
            if (typeof x === 'number') onPoint?.(x);
          }}
        />
      </Suspense>
    </div>
  );
}
