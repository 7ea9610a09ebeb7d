import { useMemo, useState } from 'react';
import { labelTitle } from '../../domain/labels.ts';
import { FigureView } from '../../plots/FigureView.tsx';
import { correlationFigure, pairOf } from '../../plots/correlationFigure.ts';
import { strongestPairs } from '../../results/onScale.ts';
import type { FinishedFit } from '../../state/fitRun.ts';
import { usePalette } from '../appearance.tsx';
import common from '../common/common.module.css';
import { formatNumber } from '../common/format.ts';
import { useSettings } from '../session.tsx';
import { CalibratedNote } from './CalibratedNote.tsx';
import { correlations } from './plots.ts';
import views from './views.module.css';

/** Pairs that are listed beside the matrix. */
const LISTED = 12;

interface Props {
  readonly run: FinishedFit;
  /** Shows the two labels of a pair in the corner plot; null where there are no draws to show. */
  readonly onPair: ((pair: readonly string[]) => void) | null;
}

/** How the errors of all labels go together: a heat map, and its strongest pairs as a list. */
export function CorrelationView({ run, onPair }: Props) {
  const palette = usePalette();
  const scale = useSettings((settings) => settings.scale);
  const values = useSettings((settings) => settings.values);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const { rows, matrix } = useMemo(() => correlations(run, { scale, values }), [run, scale, values]);
  const names = useMemo(() => rows.map(({ name }) => name), [rows]);
  const figure = useMemo(() => correlationFigure(names, matrix, palette, scale), [names, matrix, palette, scale]);
  const pick = (pair: readonly string[]): void => {
    const [one = '', other = ''] = pair;
    if (one === other) return;
    setPicked(pair);
    onPair?.(pair);
  };
  const title = (pair: readonly string[]): string => pair.map((name) => labelTitle(name, scale)).join(' and ');
  const [one = '', other = ''] = picked;
  const coefficient = matrix[names.indexOf(one)]?.[names.indexOf(other)];
  return (
    <div className={views.posterior}>
      <FigureView
        figure={figure}
        label="Correlation matrix of the labels"
        onKey={(key) => {
          pick(pairOf(key));
        }}
      />
      <div className={views.pairs}>
        <p role="status" className={views.aside}>
          {coefficient === undefined ? '' : `${title(picked)}: ${formatNumber(coefficient, 2, true)}`}
        </p>
        <h3>Strongest</h3>
        <ul aria-label="Strongest correlations">
          {strongestPairs(rows, matrix, LISTED).map((pair) => (
            <li key={pair.pair.join()}>
              <button
                type="button"
                className={`${common.button ?? ''} ${common.quiet ?? ''} ${common.small ?? ''}`}
                onClick={() => {
                  pick(pair.pair);
                }}
              >
                {title(pair.pair)} {formatNumber(pair.coefficient, 2, true)}
              </button>
            </li>
          ))}
        </ul>
        <CalibratedNote run={run} names={names} />
      </div>
    </div>
  );
}
