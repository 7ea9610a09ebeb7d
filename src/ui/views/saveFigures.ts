import { abundanceFigure } from '../../plots/abundanceFigure.ts';
import { cornerFigure } from '../../plots/cornerFigure.ts';
import { correlationFigure } from '../../plots/correlationFigure.ts';
import { derivativeFigure } from '../../plots/derivativeFigure.ts';
import type { Figure } from '../../plots/figure.ts';
import { forPaper, type PaperTitle } from '../../plots/forPaper.ts';
import type { ImageFormat } from '../../plots/plotly.ts';
import { traceFigure } from '../../plots/traceFigure.ts';
import { spectrumFigure } from '../../plots/spectrumFigure.ts';
import { software, softwareText } from '../../domain/version.ts';
import { methodTitle } from '../../fit/methods.ts';
import { comparedOf } from '../../state/comparing.ts';
import { selectedEntry, type Entry } from '../../state/entries.ts';
import type { Session } from '../../state/session.ts';
import type { ShownValues } from '../../state/settings.ts';
import type { SessionState } from '../../state/store.ts';
import { EXPORT_PALETTE, fileStem, saveFigure } from '../export/download.ts';
import { comparedCurve } from './comparedCurve.ts';
import { abundancePoints, cornerLabels, correlations, derivativePlot, keptTraces, spectrumPlot } from './plots.ts';
import { linesOf } from './lines.ts';

export type FigureName = 'spectrum' | 'derivative' | 'abundances' | 'corner' | 'traces' | 'correlations';

const SIZES: Readonly<Record<FigureName, { width: number; height: number }>> = {
  spectrum: { width: 1200, height: 700 },
  derivative: { width: 1200, height: 400 },
  abundances: { width: 1000, height: 400 },
  corner: { width: 900, height: 900 },
  traces: { width: 1000, height: 700 },
  correlations: { width: 900, height: 900 },
};

/** What a figure was made with: model and method of the fit and its calibration, or the model that is open; and what drew it. */
function madeWith(entry: Entry | null, engine: SessionState['engine'], values: ShownValues): string {
  const drawn = softwareText(software());
  if (entry?.run.kind !== 'done') return [...(engine.kind === 'ready' ? [`model ${engine.engine.info.id}`] : []), drawn].join(' · ');
  const { result, calibrated } = entry.run;
  const calibration = values === 'raw' || calibrated.calibration === 'none' ? 'raw values' : `calibration ${calibrated.calibration}`;
  return [`model ${result.model}`, methodTitle(result.method), calibration, drawn].join(' · ');
}

/** One of the page's figures as it stands, in the colours of paper; null where there is nothing to draw. */
function currentFigure(session: Session, name: FigureName): { figure: Figure; stem: string } | null {
  const state = session.store.getState();
  const { frame, showLines, nameAllLines, residualUnit, derivative, scale, values, corner } = session.settings.getState();
  const entry = selectedEntry(state);
  const id = entry?.spectrum.id ?? 'model';
  const stem = fileStem(id);
  const title: PaperTitle = {
    title: entry?.spectrum.simulated === true ? `${id} (simulated)` : id,
    about: madeWith(entry, state.engine, values),
  };
  if (name === 'derivative') {
    if (state.engine.kind !== 'ready') return null;
    const plot = derivativePlot(state.engine.engine, state, entry, derivative, frame, state.window, linesOf(state, entry));
    return plot === null
      ? null
      : {
          figure: forPaper(derivativeFigure({ ...plot, width: SIZES.derivative.width }, EXPORT_PALETTE), title),
          stem: `${stem}-derivative-${plot.label}`,
        };
  }
  if (entry === null) return null;
  if (name === 'spectrum') {
    const compared = comparedCurve(entry, comparedOf(state, state.compared), frame);
    const plot = spectrumPlot(entry, frame, { showLines, nameAllLines, residualUnit }, state.window, linesOf(state, entry));
    return {
      figure: forPaper(spectrumFigure({ ...plot, ownLines: state.ownLines, compared, width: SIZES.spectrum.width }, EXPORT_PALETTE), title),
      stem: `${stem}-spectrum`,
    };
  }
  if (name === 'corner') {
    const labels = cornerLabels(entry, corner, { scale, values });
    return labels.length === 0
      ? null
      : { figure: forPaper(cornerFigure(labels, EXPORT_PALETTE, scale), title, false), stem: `${stem}-corner` };
  }
  if (entry.run.kind !== 'done') return null;
  const { posterior } = entry.run.result;
  if (name === 'traces') {
    if (posterior === undefined) return null;
    return { figure: forPaper(traceFigure(keptTraces(posterior, corner), EXPORT_PALETTE), title, false), stem: `${stem}-traces` };
  }
  if (name === 'correlations') {
    const { rows, matrix } = correlations(entry.run, { scale, values });
    const names = rows.map((row) => row.name);
    return { figure: forPaper(correlationFigure(names, matrix, EXPORT_PALETTE, scale), title, false), stem: `${stem}-correlations` };
  }
  const points = abundancePoints(entry, scale, values);
  if (points.length === 0) return null;
  return { figure: forPaper(abundanceFigure(points, scale, '', EXPORT_PALETTE), title), stem: `${stem}-abundances` };
}

/** Saves a figure of the page as a file. */
export async function saveCurrentFigure(session: Session, name: FigureName, format: ImageFormat): Promise<void> {
  const current = currentFigure(session, name);
  if (current !== null) await saveFigure(current.figure, current.stem, format, SIZES[name]);
}
