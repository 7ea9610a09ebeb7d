import { Slider } from '@base-ui/react/slider';
import { memo } from 'react';
import type { ManifestLabel } from '../../domain/emulator.ts';
import { labelTitle } from '../../domain/labels.ts';
import { LabelName } from '../common/LabelName.tsx';
import { NumberBox } from '../common/NumberBox.tsx';
import { decimals } from '../common/format.ts';
import { useSession } from '../session.tsx';
import style from './sliders.module.css';

interface Props {
  readonly label: ManifestLabel;
  readonly index: number;
  readonly value: number;
  readonly disabled: boolean;
}

/** One label: drag, type, or double click to reset. The model's training range is the slider's. Drawn again only where it changes. */
export const LabelRow = memo(function LabelRow({ label, index, value, disabled }: Props) {
  const session = useSession();
  const { name, min, max, unit } = label;
  const step = unit === 'K' ? 5 : 0.01;
  const title = `${labelTitle(name)} (${unit})`;
  return (
    <div
      className={style.row}
      onDoubleClick={() => {
        if (!disabled) session.resetLabel(index);
      }}
    >
      <span className={style.name} title={`${title}, trained from ${String(min)} to ${String(max)}. Double click resets.`}>
        <LabelName name={name} />
      </span>
      <Slider.Root
        className={style.slider}
        value={Math.min(max, Math.max(min, value))}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        onValueChange={(next, { reason }) => {
          if (reason === 'drag' || reason === 'track-press') session.moveLabel(index, next);
        }}
        onValueCommitted={(next) => {
          session.setLabel(index, next);
        }}
      >
        <Slider.Control className={style.control}>
          <Slider.Track className={style.track}>
            <Slider.Indicator className={style.indicator} />
            <Slider.Thumb className={style.thumb} aria-label={title} />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
      <NumberBox
        label={`${title}, number`}
        value={value}
        min={min}
        max={max}
        step={step}
        digits={decimals(name)}
        disabled={disabled}
        onChange={(next) => {
          if (next !== null) session.setLabel(index, next);
        }}
      />
    </div>
  );
});
