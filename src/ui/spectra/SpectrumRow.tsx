import type { Entry } from '../../state/entries.ts';
import { describeRun } from '../../state/fitRun.ts';
import common from '../common/common.module.css';
import { formatNumber } from '../common/format.ts';
import style from './spectra.module.css';

interface Props {
  readonly entry: Entry;
  readonly selected: boolean;
  readonly onSelect: () => void;
  readonly onRemove: () => void;
}

/** One spectrum: its name, survey, S/N and where its fit stands. */
export function SpectrumRow({ entry, selected, onSelect, onRemove }: Props) {
  const { spectrum, run } = entry;
  return (
    <li className={style.row} data-selected={selected}>
      <button type="button" className={style.choose} aria-pressed={selected} onClick={onSelect} title={entry.key}>
        <span className={style.title}>
          <span className={style.name}>{entry.key}</span>
          {spectrum.simulated && <span className={`${common.badge ?? ''} ${style.simulated ?? ''}`}>simulated</span>}
        </span>
        <span className={style.facts}>
          {spectrum.survey.name} · S/N {formatNumber(spectrum.snr, 0)} ·{' '}
          <span className={style.run} data-run={run.kind}>
            {describeRun(run)}
          </span>
        </span>
      </button>
      <button type="button" className={style.remove} aria-label={`Remove ${entry.key}`} onClick={onRemove}>
        ×
      </button>
    </li>
  );
}
