import { labelTitle } from '../../domain/labels.ts';
import type { AbundanceScale } from '../../results/rows.ts';
import type { FinishedFit } from '../../state/fitRun.ts';
import { MOST_CORNER } from '../../state/settings.ts';
import style from '../common/common.module.css';
import { useSession, useSettings } from '../session.tsx';
import { CalibratedNote } from './CalibratedNote.tsx';
import views from './views.module.css';

interface Props {
  readonly run: FinishedFit;
  readonly names: readonly string[];
  readonly scale: AbundanceScale;
  /** Whether what is drawn follows the calibration. */
  readonly calibrated: boolean;
}

/** Which labels of a posterior are drawn, as a column that folds. */
export function LabelChoices({ run, names, scale, calibrated }: Props) {
  const session = useSession();
  const chosen = useSettings((settings) => settings.corner);
  const drawn = names.filter((name) => chosen.includes(name));
  return (
    <details className={views.choices} open>
      <summary>Labels</summary>
      <fieldset>
        <legend>Up to {MOST_CORNER}</legend>
        {names.map((name) => (
          <label key={name} className={style.check}>
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              disabled={!chosen.includes(name) && drawn.length >= MOST_CORNER}
              onChange={(event) => {
                session.settings.getState().setCorner(event.target.checked ? [...drawn, name] : drawn.filter((one) => one !== name));
              }}
            />
            {labelTitle(name, scale)}
          </label>
        ))}
      </fieldset>
      {calibrated && <CalibratedNote run={run} names={drawn} />}
    </details>
  );
}
