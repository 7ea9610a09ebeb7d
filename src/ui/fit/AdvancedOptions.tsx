import { ELEMENTS } from '../../domain/labels.ts';
import { defaultPriorSigma } from '../../fit/defaults.ts';
import type { FitSettings } from '../../state/settings.ts';
import { NumberBox } from '../common/NumberBox.tsx';
import { Tip } from '../common/Tip.tsx';
import common from '../common/common.module.css';
import { useEngine, useSession, useSettings } from '../session.tsx';
import style from './fit.module.css';

interface Field {
  readonly key: Exclude<keyof FitSettings, 'method' | 'maskDiffuseBands'>;
  readonly text: string;
  readonly why: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly digits: number;
  /** What an empty box says; absent where it may not be empty. */
  readonly empty?: string;
}

/** Wavelengths that the first and the last of a range stay apart, Å. */
const NARROWEST = 100;

/** Prior σ of the elements that have another than most, as `C, N 0.40`. */
function ownPriors(): string {
  const usual = defaultPriorSigma('Mg');
  const others = ELEMENTS.filter((element) => defaultPriorSigma(element) !== usual);
  const [first] = others;
  const rest = first === undefined ? '' : `, for ${others.join(' and ')} ${defaultPriorSigma(first).toFixed(2)}`;
  return `${usual.toFixed(2)}${rest}`;
}

/** `reach` are the wavelengths that the model covers, Å. */
const fields = ({ rangeFrom, rangeTo }: FitSettings, reach: readonly [number, number]): readonly Field[] => [
  {
    key: 'rangeFrom',
    text: 'From (Å)',
    why: 'Shortest wavelength used: vacuum, rest frame.',
    min: reach[0],
    max: rangeTo - NARROWEST,
    step: 10,
    digits: 0,
  },
  {
    key: 'rangeTo',
    text: 'To (Å)',
    why: 'Longest wavelength used: vacuum, rest frame.',
    min: rangeFrom + NARROWEST,
    max: reach[1],
    step: 10,
    digits: 0,
  },
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
    why: `Width of the Gaussian prior on every [X/Fe], centred on the solar ratio. An element without information returns it. Left empty, each element has its own: ${ownPriors()}.`,
    empty: 'each its own',
    min: 0.01,
    max: 5,
    step: 0.05,
    digits: 2,
  },
  { key: 'seed', text: 'Seed', why: 'The same seed gives the same fit.', min: 0, max: 2 ** 31 - 1, step: 1, digits: 0 },
];

/** What most fits leave alone. Kept between visits. */
export function AdvancedOptions() {
  const session = useSession();
  const fit = useSettings((settings) => settings.fit);
  const wavelength = useEngine()?.wavelength;
  const reach = [Math.ceil(wavelength?.at(0) ?? 1000), Math.floor(wavelength?.at(-1) ?? 30_000)] as const;
  return (
    <details className={style.advanced}>
      <summary>Options</summary>
      <div className={style.fields}>
        {fields(fit, reach).map(({ key, text, why, ...box }) => (
          <div key={key} className={style.field}>
            <Tip text={why}>{text}</Tip>
            <NumberBox
              label={text}
              value={fit[key]}
              {...box}
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
