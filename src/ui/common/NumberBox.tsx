import { useId, useState } from 'react';
import type { KeyboardEvent } from 'react';
import style from './common.module.css';
import { numberProblem, typedNumber } from './number.ts';

interface Props {
  readonly label: string;
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly digits: number;
  readonly disabled?: boolean;
  /** Shown in an empty box, where one may be left empty: its value is then null, which it is nowhere else. */
  readonly empty?: string;
  readonly onChange: (value: number | null) => void;
}

/**
 * A number to type, or to step with the arrow keys. Enter, or leaving the box, takes it; what cannot be taken stays in the box with the
 * reason, and changes nothing. Escape brings the value back.
 */
export function NumberBox({ label, value, min, max, step, digits, disabled = false, empty, onChange }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const reason = useId();
  const shown = value === null ? '' : value.toFixed(digits);

  const take = (): void => {
    if (draft === null) return;
    const cleared = empty !== undefined && draft.trim() === '';
    const wrong = cleared ? null : numberProblem(draft, min, max);
    setProblem(wrong);
    if (wrong !== null) return;
    setDraft(null);
    if (draft !== shown) onChange(cleared ? null : typedNumber(draft));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') take();
    else if (event.key === 'Escape') {
      setDraft(null);
      setProblem(null);
    } else if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && value !== null) {
      event.preventDefault();
      setDraft(null);
      setProblem(null);
      const next = value + (event.key === 'ArrowUp' ? step : -step);
      onChange(Number(Math.min(max, Math.max(min, next)).toFixed(digits)));
    }
  };
  return (
    <span className={style.box}>
      <input
        type="text"
        inputMode="decimal"
        aria-label={label}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : reason}
        className={style.field}
        title={`from ${String(min)} to ${String(max)}`}
        placeholder={empty}
        disabled={disabled}
        value={draft ?? shown}
        onChange={(event) => {
          setDraft(event.target.value);
        }}
        onKeyDown={onKeyDown}
        onBlur={take}
      />
      {problem !== null && (
        <span id={reason} role="alert" className={style.problem}>
          {problem}
        </span>
      )}
    </span>
  );
}
