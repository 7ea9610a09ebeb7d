import { NumberField } from '@base-ui/react/number-field';
import style from './common.module.css';

interface Props {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly digits: number;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
}

/** A number to type or to step with the arrow keys; takes effect when it is complete and in range. */
export function NumberBox({ label, value, min, max, step, digits, disabled = false, onChange }: Props) {
  return (
    <NumberField.Root
      value={value}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      locale="en"
      format={{ minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false, signDisplay: 'negative' }}
      onValueCommitted={(next) => {
        if (next !== null) onChange(next);
      }}
    >
      <NumberField.Group>
        <NumberField.Input aria-label={label} className={style.field} />
      </NumberField.Group>
    </NumberField.Root>
  );
}
