import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { Figure } from '../../plots/figure.ts';
import { drawLiveCurves } from '../../plots/liveCurves.ts';
import { shownRange, type SpectrumPlot } from '../../plots/spectrumFigure.ts';
import type { Entry } from '../../state/entries.ts';
import { usePalette } from '../appearance.tsx';
import { useSessionState } from '../session.tsx';
import { liveResiduals } from './plots.ts';
import style from './views.module.css';

interface Props {
  readonly entry: Entry;
  readonly plot: SpectrumPlot;
  /** The figure below: its axes stand while a slider moves. */
  readonly figure: Figure;
  /** Told the width of the figure, CSS pixels, when it is laid out and whenever it changes. */
  readonly onWidth: (width: number) => void;
  readonly children: ReactNode;
}

/** Lies over the spectrum's figure while a slider is dragged: draws the model that follows it, and hides the figure's own. */
export function LiveLayer({ entry, plot, figure, onWidth, children }: Props) {
  const palette = usePalette();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useSessionState(({ live }) => (live?.key === entry.key ? live.drawn : null));
  useEffect(() => {
    const element = canvas.current;
    if (element === null || drawn === null) return;
    const { model, continuum, residuals } = drawn.model;
    const { yaxis, yaxis2 } = figure.layout;
    drawLiveCurves(
      element,
      { width: element.clientWidth, height: element.clientHeight },
      globalThis.devicePixelRatio,
      {
        x: plot.wavelength,
        model,
        continuum,
        residuals: plot.residualUnit === 'noise' ? liveResiduals(entry, drawn.model) : residuals,
        xRange: shownRange(plot),
        fluxRange: (yaxis?.range ?? [0, 1]) as [number, number],
        residualRange: (yaxis2?.range ?? [-4, 4]) as [number, number],
      },
      palette,
    );
    // For measurements from outside (npm run bench -- page).
    element.dataset['drawings'] = String(Number(element.dataset['drawings'] ?? 0) + 1);
  }, [drawn, entry, plot, figure, palette]);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      onWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [onWidth]);
  return (
    <div className={style.liveLayer} data-live={drawn !== null || undefined}>
      {children}
      <canvas ref={canvas} aria-hidden className={style.liveCanvas} />
    </div>
  );
}
