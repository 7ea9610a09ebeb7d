import { abundanceFigure } from '../../plots/abundanceFigure.ts';
import { cornerFigure } from '../../plots/cornerFigure.ts';
import { derivativeFigure } from '../../plots/derivativeFigure.ts';
import type { Figure } from '../../plots/figure.ts';
import { forPaper } from '../../plots/forPaper.ts';
import type { ImageFormat } from '../../plots/plotly.ts';
import { spectrumFigure } from '../../plots/spectrumFigure.ts';
import { selectedEntry } from '../../state/entries.ts';
import type { Session } from '../../state/session.ts';
import { EXPORT_PALETTE, fileStem, saveFigure } from '../export/download.ts';
import { CORNER_LABELS, abundancePoints, cornerLabels, derivativePlot, spectrumPlot } from './plots.ts';

export type FigureName = 'spectrum' | 'derivative' | 'abundances' | 'corner';

const SIZES: Readonly<Record<FigureName, { width: number; height: number }>> = {
  spectrum: { width: 1200, height: 700 },
  derivative: { width: 1200, height: 400 },
  abundances: { width: 1000, height: 400 },
  corner: { width: 900, height: 900 },
};

/** One of the page's figures as it stands, in the colours of paper; null where there is nothing to draw. */
function currentFigure(session: Session, name: FigureName, chosen: readonly string[]): { figure: Figure; stem: string } | null {
  const state = session.store.getState();
  const { frame, showLines, residualUnit, derivative, scale, values } = session.settings.getState();
  const entry = selectedEntry(state);
  const id = entry?.spectrum.id ?? 'model';
  const stem = fileStem(id);
  const title = entry?.spectrum.simulated === true ? `${id} (simulated)` : id;
  if (name === 'derivative') {
    if (state.engine.kind !== 'ready') return null;
    const plot = derivativePlot(state.engine.engine, state, entry, derivative, frame, state.window);
    return plot === null
      ? null
      : { figure: forPaper(derivativeFigure(plot, EXPORT_PALETTE), title), stem: `${stem}-derivative-${plot.label}` };
  }
  if (entry === null) return null;
  if (name === 'spectrum') {
    return {
      figure: forPaper(spectrumFigure(spectrumPlot(entry, frame, { showLines, residualUnit }, state.window), EXPORT_PALETTE), title),
      stem: `${stem}-spectrum`,
    };
  }
  if (name === 'corner') {
    const labels = cornerLabels(entry, chosen);
    return labels.length === 0 ? null : { figure: forPaper(cornerFigure(labels, EXPORT_PALETTE), title), stem: `${stem}-corner` };
  }
  const points = abundancePoints(entry, scale, values);
  if (points.length === 0) return null;
  return { figure: forPaper(abundanceFigure(points, scale, '', EXPORT_PALETTE), title), stem: `${stem}-abundances` };
}

/** Saves a figure of the page as a file; `chosen` are the labels of a corner plot. */
export async function saveCurrentFigure(
  session: Session,
  name: FigureName,
  format: ImageFormat,
  chosen: readonly string[] = CORNER_LABELS,
): Promise<void> {
  const current = currentFigure(session, name, chosen);
  if (current !== null) await saveFigure(current.figure, current.stem, format, SIZES[name]);
}
