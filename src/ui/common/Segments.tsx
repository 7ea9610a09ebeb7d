import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import style from './common.module.css';

interface Props<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
}

/** One of a few, all in sight. */
export function Segments<T extends string>({ label, value, options, onChange, disabled = false }: Props<T>) {
  return (
    <ToggleGroup
      aria-label={label}
      className={style.segments}
      disabled={disabled}
      value={[value]}
      onValueChange={(pressed: readonly string[]) => {
        const chosen = options.find(([option]) => option === pressed[0]);
        if (chosen !== undefined) onChange(chosen[0]);
      }}
    >
      {options.map(([option, text]) => (
        <Toggle key={option} value={option} className={style.segment}>
          {text}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
