import type { Entry } from '../../state/entries.ts';
import { describeRun, isUnreliable } from '../../state/fitRun.ts';
import type { FitRun } from '../../state/fitRun.ts';
import { ownChanges } from '../../state/ownSettings.ts';
import { MiddleCut } from '../common/MiddleCut.tsx';
import common from '../common/common.module.css';
import { formatNumber } from '../common/format.ts';
import style from './spectra.module.css';

interface Props {
  readonly entry: Entry;
  readonly selected: boolean;
  readonly onSelect: () => void;
  readonly onRemove: () => void;
}

/** Finished, with numbers that should not be used as they are. */
const isDoubtful = (run: FitRun): boolean => isUnreliable(run) || (run.kind === 'done' && !run.result.converged);

/** One spectrum: its name, survey, S/N and where its fit stands. */
export function SpectrumRow({ entry, selected, onSelect, onRemove }: Props) {
  const { spectrum, run } = entry;
  const own = ownChanges(entry);
  return (
    <li className={style.row} data-selected={selected}>
      <button type="button" className={style.choose} aria-pressed={selected} onClick={onSelect} title={entry.key}>
        <span className={style.title}>
          <span className={style.name}>
            <MiddleCut text={entry.key} />
          </span>
          {entry.elsewhere === true && <span className={common.badge}>other tab</span>}
          {spectrum.simulated && <span className={`${common.badge ?? ''} ${style.simulated ?? ''}`}>simulated</span>}
        </span>
        <span className={style.facts}>
          {spectrum.survey.name} · S/N {formatNumber(spectrum.snr, 0)} ·{' '}
          <span
            className={style.run}
            data-run={isDoubtful(run) ? 'doubtful' : run.kind}
            title={run.kind === 'failed' ? run.failure.message : ''}
          >
            {describeRun(run)}
          </span>
          {own.length > 0 && (
            <span title={`Set for this spectrum: ${own.join(', ')}`}>
              {' '}
              · {String(own.length)} {own.length === 1 ? 'change' : 'changes'}
            </span>
          )}
        </span>
      </button>
      {entry.elsewhere !== true && (
        <button type="button" className={style.remove} aria-label={`Remove ${entry.key}`} onClick={onRemove}>
          ×
        </button>
      )}
    </li>
  );
}
