import { useMemo } from 'react';
import { FigureView } from '../../plots/FigureView.tsx';
import { abundanceFigure } from '../../plots/abundanceFigure.ts';
import { usePalette } from '../appearance.tsx';
import { FigurePanel } from '../common/FigurePanel.tsx';
import style from '../common/common.module.css';
import { useSelected, useSession, useSettings } from '../session.tsx';
import { AbundanceLegend } from './AbundanceLegend.tsx';
import { ScaleToggle } from './ScaleToggle.tsx';
import { abundancePoints, elementOf, labelOf } from './plots.ts';
import { saveCurrentFigure } from './saveFigures.ts';

/** View 4, drawn: raw and calibrated abundances with their errors. A click on an element shows its derivative; `errors` goes to the posterior or the correlations where there are such. */
export function AbundancePanel({ errors }: { readonly errors: { readonly title: string; readonly show: () => void } | null }) {
  const session = useSession();
  const entry = useSelected();
  const palette = usePalette();
  const scale = useSettings((settings) => settings.scale);
  const values = useSettings((settings) => settings.values);
  const derivative = useSettings((settings) => settings.derivative);
  const points = useMemo(() => (entry === null ? [] : abundancePoints(entry, scale, values)), [entry, scale, values]);
  const figure = useMemo(
    () => (points.length === 0 ? null : abundanceFigure(points, scale, elementOf(derivative), palette)),
    [points, scale, derivative, palette],
  );
  return (
    <FigurePanel
      title="Abundances"
      note={
        figure !== null && (
          <AbundanceLegend
            truth={points.some(({ truth }) => truth !== null)}
            calibrated={points.some(({ calibrated }) => calibrated !== null)}
          />
        )
      }
      onSave={
        figure === null
          ? null
          : (format) => {
              session.attempt('Abundances', () => saveCurrentFigure(session, 'abundances', format));
            }
      }
      controls={
        <>
          {errors !== null && (
            <button type="button" className={`${style.button ?? ''} ${style.small ?? ''}`} onClick={errors.show}>
              {errors.title}
            </button>
          )}
          <ScaleToggle />
        </>
      }
    >
      {figure === null ? (
        <p className={style.empty}>{entry === null ? '' : 'Fit the spectrum to see its abundances.'}</p>
      ) : (
        <FigureView
          figure={figure}
          label="Abundances by element, raw and calibrated"
          onPoint={(x) => {
            const element = points[Math.round(x)]?.element;
            if (element !== undefined) session.settings.getState().setDerivative(labelOf(element));
          }}
        />
      )}
    </FigurePanel>
  );
}
