import { useMemo, useState } from 'react';
import { FigureView } from '../../plots/FigureView.tsx';
import { cornerFigure } from '../../plots/cornerFigure.ts';
import { traceFigure } from '../../plots/traceFigure.ts';
import { usePalette } from '../appearance.tsx';
import { FigurePanel } from '../common/FigurePanel.tsx';
import { Segments } from '../common/Segments.tsx';
import style from '../common/common.module.css';
import { useSelected, useSession, useSettings } from '../session.tsx';
import { ConvergenceTable } from './ConvergenceTable.tsx';
import { CorrelationView } from './CorrelationView.tsx';
import { LabelChoices } from './LabelChoices.tsx';
import { ScaleToggle } from './ScaleToggle.tsx';
import { cornerLabels, keptTraces } from './plots.ts';
import { saveCurrentFigure } from './saveFigures.ts';
import views from './views.module.css';

type View = 'corner' | 'traces' | 'convergence' | 'correlations';
const VIEWS = [
  ['corner', 'Corner'],
  ['traces', 'Traces'],
  ['convergence', 'Convergence'],
  ['correlations', 'Correlations'],
] as const;
const NOTES: Readonly<Record<View, string>> = {
  corner: 'contours hold 39 and 86 %; lines at 16, 50 and 84 %',
  traces: 'a colour per chain; thinned, raw, elements as [X/Fe]',
  convergence: 'the worst label first',
  correlations: 'of the errors, −1 to 1; a click picks a pair',
};

/** The errors of a fit together: chains while a posterior is sampled and after, pairs of labels, convergence; of every fit how its labels are correlated. */
export function PosteriorPanel({ onClose }: { readonly onClose: () => void }) {
  const session = useSession();
  const entry = useSelected();
  const palette = usePalette();
  const scale = useSettings((settings) => settings.scale);
  const values = useSettings((settings) => settings.values);
  const chosen = useSettings((settings) => settings.corner);
  const [wanted, setView] = useState<View>('corner');
  const run = entry?.run;
  const sampling = run?.kind === 'running' ? run.progress?.sampling : undefined;
  const done = run?.kind === 'done' ? run : null;
  const posterior = done?.result.posterior;
  const view = posterior === undefined ? 'correlations' : wanted;
  const figure = useMemo(() => {
    if (sampling !== undefined) return sampling.traces.length > 0 ? traceFigure(sampling.traces, palette) : null;
    if (entry === null || posterior === undefined) return null;
    if (view === 'traces') return traceFigure(keptTraces(posterior, chosen), palette);
    const labels = view === 'corner' ? cornerLabels(entry, chosen, { scale, values }) : [];
    return labels.length > 0 ? cornerFigure(labels, palette, scale) : null;
  }, [sampling, entry, posterior, view, chosen, scale, values, palette]);
  const pick = (pair: readonly string[]): void => {
    session.settings.getState().setCorner(pair);
    setView('corner');
  };
  return (
    <FigurePanel
      title={posterior === undefined && sampling === undefined ? 'Correlations' : 'Posterior'}
      note={done === null ? 'a colour per chain' : NOTES[view]}
      onSave={
        done === null || view === 'convergence'
          ? null
          : (format) => {
              session.attempt('Figure', () => saveCurrentFigure(session, view, format));
            }
      }
      controls={
        <>
          {posterior !== undefined && <Segments<View> label="View of the posterior" value={view} options={VIEWS} onChange={setView} />}
          {done !== null && <ScaleToggle />}
          <button type="button" className={`${style.button ?? ''} ${style.small ?? ''}`} onClick={onClose}>
            Abundances
          </button>
        </>
      }
    >
      {done !== null && view === 'correlations' && <CorrelationView run={done} onPair={posterior === undefined ? null : pick} />}
      {posterior !== undefined && view === 'convergence' && <ConvergenceTable posterior={posterior} />}
      {figure === null && (sampling !== undefined || view === 'corner' || view === 'traces') && (
        <p className={style.empty}>{sampling === undefined ? 'Choose labels to see.' : 'Waiting for the first draws…'}</p>
      )}
      {figure !== null && (
        <div className={views.posterior}>
          <FigureView
            figure={figure}
            label={sampling === undefined && view === 'corner' ? 'Corner plot of the posterior' : 'Traces of the chains'}
          />
          {done !== null && posterior !== undefined && (
            <LabelChoices
              run={done}
              names={posterior.labels.map(({ name }) => name)}
              scale={view === 'corner' ? scale : 'xfe'}
              calibrated={view === 'corner'}
            />
          )}
        </div>
      )}
    </FigurePanel>
  );
}
