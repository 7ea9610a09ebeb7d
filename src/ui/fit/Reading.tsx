import type { Spectrum } from '../../domain/spectrum.ts';
import { describeLsf } from '../../spectra/resolvingPower.ts';
import { isActive } from '../../state/fitRun.ts';
import { asRead, overruledOf } from '../../state/overruling.ts';
import type { Overruled } from '../../state/overruling.ts';
import { NumberBox } from '../common/NumberBox.tsx';
import common from '../common/common.module.css';
import { useSelected, useSession } from '../session.tsx';
import style from './fit.module.css';

const FRAMES: readonly (readonly [Spectrum['frame'], string])[] = [
  ['observed', 'observed'],
  ['barycentric', 'barycentric'],
  ['rest', 'rest frame of the star'],
];
const MEDIA: readonly (readonly [Spectrum['medium'], string])[] = [
  ['vacuum', 'vacuum'],
  ['air', 'air'],
];

/** How the numbers of the selected spectrum are meant: what its file said, and what a person says instead. */
export function Reading() {
  const session = useSession();
  const entry = useSelected();
  if (entry === null) return null;
  const { spectrum } = entry;
  const [file, said] = [asRead(spectrum), overruledOf(spectrum)];
  const count = Object.keys(said).length;
  const locked = isActive(entry.run) || entry.elsewhere === true;
  const unsaid = spectrum.reading?.unsaid ?? [];
  const whence = (assumed: boolean): string => (assumed ? 'assumed' : spectrum.simulated ? 'simulated' : 'file');
  const say = (change: Overruled): void => {
    session.overrule({ ...said, ...change });
  };
  return (
    <details className={style.advanced} open={count > 0}>
      <summary>{count === 0 ? 'Reading' : `Reading (${String(count)})`}</summary>
      <div className={style.fields}>
        <Choice
          text="Wavelengths"
          options={MEDIA}
          value={spectrum.medium}
          file={`${whence(unsaid.includes('medium'))}: ${file.medium}`}
          changed={said.medium !== undefined}
          locked={locked}
          onChange={(medium) => {
            say({ medium });
          }}
        />
        <Choice
          text="Frame"
          options={FRAMES}
          value={spectrum.frame}
          file={`${whence(false)}: ${file.frame}`}
          changed={said.frame !== undefined}
          locked={locked}
          onChange={(frame) => {
            say({ frame });
          }}
        />
        <div className={style.reading} data-changed={said.resolvingPower !== undefined}>
          <span>R (λ/FWHM)</span>
          <NumberBox
            label="Resolving power λ/FWHM"
            value={said.resolvingPower ?? null}
            min={100}
            max={200_000}
            step={50}
            digits={0}
            empty="as read"
            disabled={locked}
            onChange={(next) => {
              const others = { ...(said.medium && { medium: said.medium }), ...(said.frame && { frame: said.frame }) };
              session.overrule(next === null ? others : { ...others, resolvingPower: next });
            }}
          />
          <span className={style.hint}>
            {whence(unsaid.includes('resolvingPower'))}: {describeLsf(file.lsf)}
          </span>
        </div>
      </div>
    </details>
  );
}

interface ChoiceProps<T extends string> {
  readonly text: string;
  readonly options: readonly (readonly [T, string])[];
  readonly value: T;
  /** What the file said. */
  readonly file: string;
  readonly changed: boolean;
  readonly locked: boolean;
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ text, options, value, file, changed, locked, onChange }: ChoiceProps<T>) {
  return (
    <label className={style.reading} data-changed={changed}>
      {text}
      <select
        className={common.select}
        value={value}
        disabled={locked}
        onChange={({ target }) => {
          const chosen = options.find(([one]) => one === target.value);
          if (chosen !== undefined) onChange(chosen[0]);
        }}
      >
        {options.map(([one, title]) => (
          <option key={one} value={one}>
            {title}
          </option>
        ))}
      </select>
      <span className={style.hint}>{file}</span>
    </label>
  );
}
