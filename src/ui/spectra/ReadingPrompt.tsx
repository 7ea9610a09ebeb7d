import { Dialog } from '@base-ui/react/dialog';
import { useState } from 'react';
import type { ReadOptions, Spectrum, Unsaid } from '../../domain/spectrum.ts';
import common from '../common/common.module.css';
import { NumberBox } from '../common/NumberBox.tsx';
import { Segments } from '../common/Segments.tsx';
import style from './spectra.module.css';

const NAMES: Readonly<Record<Unsaid, string>> = {
  medium: 'air or vacuum',
  resolvingPower: 'the resolving power',
  errorColumn: 'which column holds the errors',
  fluxUnit: 'the unit of the flux',
};
/** What changes labels, and is therefore asked for; a unit cancels. */
const MATTERS: ReadonlySet<Unsaid> = new Set<Unsaid>(['medium', 'resolvingPower', 'errorColumn']);

interface Props {
  readonly spectrum: Spectrum;
  readonly onAnswer: (answer: ReadOptions) => void;
}

/** What the file of a spectrum does not say, and a dialog to say it in; nothing where it says all that matters. */
export function ReadingPrompt({ spectrum, onAnswer }: Props) {
  const [open, setOpen] = useState(false);
  const unsaid = spectrum.reading?.unsaid ?? [];
  if (!unsaid.some((one) => MATTERS.has(one))) return null;
  return (
    <p className={style.prompt}>
      The file does not say{' '}
      {unsaid
        .filter((one) => MATTERS.has(one))
        .map((one) => NAMES[one])
        .join(', ')}
      .{' '}
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Trigger className={`${common.button ?? ''} ${common.small ?? ''}`}>Say it…</Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Backdrop className={style.backdrop} />
          <Dialog.Popup className={style.dialog}>
            <Questions
              spectrum={spectrum}
              unsaid={unsaid}
              onAnswer={(answer) => {
                setOpen(false);
                onAnswer(answer);
              }}
            />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </p>
  );
}

interface QuestionsProps extends Props {
  readonly unsaid: readonly Unsaid[];
}

/** The questions, with what was assumed as their first answers. */
function Questions({ spectrum, unsaid, onAnswer }: QuestionsProps) {
  const [medium, setMedium] = useState(spectrum.medium);
  const [resolvingPower, setResolvingPower] = useState<number | null>(
    spectrum.lsf.kind === 'resolving-power' ? spectrum.lsf.resolvingPower : null,
  );
  const [errorColumn, setErrorColumn] = useState('');
  const [fluxUnit, setFluxUnit] = useState('');
  const asks = (one: Unsaid): boolean => unsaid.includes(one);
  const answer = (): ReadOptions => ({
    ...spectrum.source?.reading,
    ...(asks('medium') ? { medium } : {}),
    ...(asks('resolvingPower') && resolvingPower !== null ? { resolvingPower } : {}),
    ...(asks('errorColumn') && errorColumn.trim() !== '' ? { errorColumn: errorColumn.trim() } : {}),
    ...(asks('fluxUnit') && fluxUnit.trim() !== '' ? { fluxUnit: fluxUnit.trim() } : {}),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onAnswer(answer());
      }}
    >
      <Dialog.Title>What the file does not say</Dialog.Title>
      <Dialog.Description>
        {spectrum.id} is read again by your answers, and so is every later file of the same layout ({spectrum.reading?.layout}).
      </Dialog.Description>
      {asks('medium') && (
        <div className={style.question}>
          Wavelengths are in
          <Segments
            label="Medium of the wavelengths"
            value={medium}
            options={[
              ['vacuum', 'vacuum'],
              ['air', 'air'],
            ]}
            onChange={setMedium}
          />
        </div>
      )}
      {asks('resolvingPower') && (
        <div className={style.question}>
          <NumberBox
            label="Resolving power λ/FWHM"
            value={resolvingPower}
            min={100}
            max={200_000}
            step={100}
            digits={0}
            empty="as assumed"
            onChange={setResolvingPower}
          />
        </div>
      )}
      {asks('errorColumn') && (
        <label className={style.question}>
          Column or image with the errors (none: guess them)
          <input
            type="text"
            value={errorColumn}
            placeholder="sigma, ivar …"
            onChange={({ target }) => {
              setErrorColumn(target.value);
            }}
          />
        </label>
      )}
      {asks('fluxUnit') && (
        <label className={style.question}>
          Unit of the flux
          <input
            type="text"
            value={fluxUnit}
            placeholder="erg/s/cm2/Å, Jy, ADU …"
            onChange={({ target }) => {
              setFluxUnit(target.value);
            }}
          />
        </label>
      )}
      <button type="submit" className={common.button}>
        Read again
      </button>{' '}
      <Dialog.Close className={common.button}>Cancel</Dialog.Close>
    </form>
  );
}
