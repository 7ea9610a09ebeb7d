import type { FitSettings } from '../../state/settings.ts';
import { NumberBox } from '../common/NumberBox.tsx';
import { Tip } from '../common/Tip.tsx';
import common from '../common/common.module.css';
import { useSession, useSettings } from '../session.tsx';
import style from './fit.module.css';

interface Field {
  readonly key: Exclude<keyof FitSettings, 'method' | 'maskDiffuseBands'>;
  readonly text: string;
  readonly why: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly digits: number;
}

const FIELDS: readonly Field[] = [
  { key: 'rangeFrom', text: 'From (Å)', why: 'Shortest wavelength used: vacuum, rest frame.', min: 1000, max: 30_000, step: 10, digits: 0 },
  { key: 'rangeTo', text: 'To (Å)', why: 'Longest wavelength used: vacuum, rest frame.', min: 1000, max: 30_000, step: 10, digits: 0 },
  {
    key: 'knotSpacing',
    text: 'Continuum knots (Å)',
    why: 'Spacing of the knots of the spline that multiplies the model: smaller follows the data more closely.',
    min: 20,
    max: 5000,
    step: 10,
    digits: 0,
  },
  {
    key: 'priorSigma',
    text: 'Prior σ of [X/Fe] (dex)',
    why: 'Width of the Gaussian prior on every [X/Fe], centred on the solar ratio. An element without information returns it.',
    min: 0.01,
    max: 5,
    step: 0.05,
    digits: 2,
  },
  { key: 'seed', text: 'Seed', why: 'The same seed gives the same fit.', min: 0, max: 2 ** 31, step: 1, digits: 0 },
];

/** What most fits leave alone. Kept between visits. */
export function AdvancedOptions() {
  const session = useSession();
  const fit = useSettings((settings) => settings.fit);
  return (
    <details className={style.advanced}>
      <summary>Options</summary>
      <div className={style.fields}>
        {FIELDS.map(({ key, text, why, ...range }) => (
          <div key={key} className={style.field}>
            <Tip text={why}>{text}</Tip>
            <NumberBox
              label={text}
              value={fit[key]}
              {...range}
              onChange={(value) => {
                session.settings.getState().setFit({ [key]: value });
              }}
            />
          </div>
        ))}
        <label className={common.check}>
          <input
            type="checkbox"
            checked={fit.maskDiffuseBands}
            onChange={(event) => {
              session.settings.getState().setFit({ maskDiffuseBands: event.target.checked });
            }}
          />
          <Tip text="Leaves out the diffuse interstellar bands at 4428, 5780, 5797, 6196, 6203, 6284, 6614 and 8621 Å: for stars behind dust.">
            mask interstellar bands
          </Tip>
        </label>
        <button type="button" className={`${common.button ?? ''} ${common.small ?? ''}`} onClick={session.settings.getState().resetFit}>
          Back to defaults
        </button>
      </div>
    </details>
  );
}
