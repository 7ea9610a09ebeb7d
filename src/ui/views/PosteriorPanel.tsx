import { useMemo, useState } from 'react';
import { labelTitle } from '../../domain/labels.ts';
import { FigureView } from '../../plots/FigureView.tsx';
import { cornerFigure } from '../../plots/cornerFigure.ts';
import { traceFigure } from '../../plots/traceFigure.ts';
import { usePalette } from '../appearance.tsx';
import { FigurePanel } from '../common/FigurePanel.tsx';
import style from '../common/common.module.css';
import { useSelected, useSession } from '../session.tsx';
import { CORNER_LABELS, cornerLabels } from './plots.ts';
import { saveCurrentFigure } from './saveFigures.ts';
import views from './views.module.css';

/** Most panels of a corner plot that can still be read. */
const MOST = 6;

/** Chains while a posterior is sampled, and pairs of labels once it is. */
export function PosteriorPanel({ onClose }: { readonly onClose: () => void }) {
  const session = useSession();
  const entry = useSelected();
  const palette = usePalette();
  const [chosen, setChosen] = useState<readonly string[]>(CORNER_LABELS);
  const run = entry?.run;
  const sampling = run?.kind === 'running' ? run.progress?.sampling : undefined;
  const posterior = run?.kind === 'done' ? run.result.posterior : undefined;
  const corner = useMemo(() => (entry === null ? [] : cornerLabels(entry, chosen)), [entry, chosen]);
  const figure = useMemo(() => {
    if (sampling !== undefined && sampling.traces.length > 0) return traceFigure(sampling.traces, palette);
    return corner.length > 0 ? cornerFigure(corner, palette) : null;
  }, [sampling, corner, palette]);
  return (
    <FigurePanel
      title="Posterior"
      note={posterior === undefined ? 'a colour per chain' : 'contours hold 39 and 86 %; lines at 16, 50 and 84 %'}
      onSave={
        posterior === undefined
          ? null
          : (format) => {
              session.attempt('Corner plot', () => saveCurrentFigure(session, 'corner', format, chosen));
            }
      }
      controls={
        <button type="button" className={`${style.button ?? ''} ${style.small ?? ''}`} onClick={onClose}>
          Abundances
        </button>
      }
    >
      {figure === null ? (
        <p className={style.empty}>Waiting for the first draws…</p>
      ) : (
        <div className={views.posterior}>
          <FigureView figure={figure} label={sampling === undefined ? 'Corner plot of the posterior' : 'Traces of the chains'} />
          {posterior !== undefined && (
            <fieldset className={views.choices}>
              <legend>Labels (up to {MOST})</legend>
              {posterior.labels.map(({ name }) => (
                <label key={name} className={style.check}>
                  <input
                    type="checkbox"
                    checked={chosen.includes(name)}
                    disabled={!chosen.includes(name) && corner.length >= MOST}
                    onChange={(event) => {
                      setChosen(event.target.checked ? [...chosen, name] : chosen.filter((one) => one !== name));
                    }}
                  />
                  {labelTitle(name)}
                </label>
              ))}
            </fieldset>
          )}
        </div>
      )}
    </FigurePanel>
  );
}
