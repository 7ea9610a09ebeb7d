import { useState } from 'react';
import type { MaskedRegion } from '../../domain/fitOptions.ts';
import type { Entry } from '../../state/entries.ts';
import { isActive } from '../../state/fitRun.ts';
import { shownWavelength } from '../../state/spectrumView.ts';
import { stretchesOf } from '../../state/stretches.ts';
import { NumberBox } from '../common/NumberBox.tsx';
import common from '../common/common.module.css';
import { useSelected, useSession, useSettings } from '../session.tsx';
import style from './fit.module.css';

/** Wavelengths that may be typed, Å. */
const LIMITS = [1000, 30_000] as const;
const BOX = { step: 1, digits: 1 } as const;

/** What a person leaves out of the fits of the selected spectrum: the ends of each stretch, to change or take in again. */
export function Stretches() {
  const entry = useSelected();
  if (entry === null) return null;
  const stretches = stretchesOf(entry);
  const locked = isActive(entry.run) || entry.elsewhere === true;
  return (
    <details className={style.advanced} open={stretches.length > 0}>
      <summary>{stretches.length === 0 ? 'Masks' : `Masks (${String(stretches.length)})`}</summary>
      <div className={style.fields}>
        <p className={style.hint}>Press Mask above the spectrum and drag, or drag with Shift held. Å, vacuum.</p>
        {stretches.map((stretch, index) => (
          <StretchRow key={index} stretch={stretch} index={index} locked={locked} />
        ))}
        <NewStretch key={entry.key} entry={entry} locked={locked} />
      </div>
    </details>
  );
}

interface RowProps {
  readonly stretch: MaskedRegion;
  readonly index: number;
  readonly locked: boolean;
}

function StretchRow({ stretch: { from, to, frame = 'rest' }, index, locked }: RowProps) {
  const session = useSession();
  const name = `Mask ${String(index + 1)}`;
  const move = (low: number | null, high: number | null): void => {
    if (low !== null && high !== null) session.moveStretch(index, low, high);
  };
  return (
    <div className={style.stretch} role="group" aria-label={`${name}, ${frame} frame`}>
      <NumberBox
        label={`${name} from (Å)`}
        value={from}
        min={LIMITS[0]}
        max={to - 0.5}
        {...BOX}
        disabled={locked}
        onChange={(v) => {
          move(v, to);
        }}
      />
      <NumberBox
        label={`${name} to (Å)`}
        value={to}
        min={from + 0.5}
        max={LIMITS[1]}
        {...BOX}
        disabled={locked}
        onChange={(v) => {
          move(from, v);
        }}
      />
      <span>{frame}</span>
      <button
        type="button"
        className={`${common.button ?? ''} ${common.small ?? ''}`}
        disabled={locked}
        aria-label={`Remove ${name.toLowerCase()}`}
        onClick={() => {
          session.takeIn(index);
        }}
      >
        Remove
      </button>
    </div>
  );
}

/** By hand, without a pointer: in the frame that the plot shows. */
function NewStretch({ entry, locked }: { readonly entry: Entry; readonly locked: boolean }) {
  const session = useSession();
  const wanted = useSettings((settings) => settings.frame);
  const { frame } = shownWavelength(entry, wanted);
  const [from, setFrom] = useState<number | null>(null);
  const [to, setTo] = useState<number | null>(null);
  return (
    <div className={style.stretch} role="group" aria-label={`New mask, ${frame} frame`}>
      <NumberBox
        label="New mask from (Å)"
        value={from}
        min={LIMITS[0]}
        max={LIMITS[1]}
        {...BOX}
        empty="from"
        disabled={locked}
        onChange={setFrom}
      />
      <NumberBox
        label="New mask to (Å)"
        value={to}
        min={LIMITS[0]}
        max={LIMITS[1]}
        {...BOX}
        empty="to"
        disabled={locked}
        onChange={setTo}
      />
      <span>{frame}</span>
      <button
        type="button"
        className={`${common.button ?? ''} ${common.small ?? ''}`}
        disabled={locked || from === null || to === null || Math.abs(to - from) < 0.5}
        onClick={() => {
          if (from === null || to === null) return;
          session.leaveOut(from, to, frame);
          setFrom(null);
          setTo(null);
        }}
      >
        Add
      </button>
    </div>
  );
}
