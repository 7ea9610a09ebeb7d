import { usePalette } from '../appearance.tsx';
import style from './views.module.css';

interface Props {
  readonly hasModel: boolean;
  /** Where the model comes from. */
  readonly source: string;
  /** Whether the model's own error is drawn. */
  readonly hasError: boolean;
  /** Whether a model is kept to compare with. */
  readonly kept: boolean;
  /** What the spectrum is compared with; null for nothing. */
  readonly compared: { readonly name: string; readonly dashed: boolean } | null;
  /** Whether a person leaves stretches out. */
  readonly byHand: boolean;
  /** Pixels clipped as cosmic rays. */
  readonly clipped: number;
}

/** The key to the colours, in the panel's head where it hides no data. */
export function Legend({ hasModel, source, hasError, kept, compared, byHand, clipped }: Props) {
  const palette = usePalette();
  return (
    <span className={style.legend}>
      <Key colour={palette.data} behind={palette.band} text="data ± 1σ" />
      {hasModel && (
        <Key
          colour={palette.model}
          behind={hasError ? palette.modelBand : 'transparent'}
          text={`model (${source})${hasError ? ' ± its error' : ''}`}
        />
      )}
      {kept && <Key colour={palette.axis} text="kept model" />}
      {compared !== null && <Key colour={palette.calibrated} text={compared.name} line={compared.dashed ? 'dashed' : 'solid'} />}
      {hasModel && <Key colour={palette.continuum} text="continuum" line="dotted" />}
      <Key colour={palette.masked} behind={palette.masked} text="masked" />
      {byHand && <Key colour={palette.byHand} behind={palette.byHand} text="masked by hand" />}
      {clipped > 0 && (
        <span className={style.key}>
          <span aria-hidden style={{ color: palette.clipped }}>
            ×
          </span>
          {`${String(clipped)} clipped`}
        </span>
      )}
    </span>
  );
}

interface KeyProps {
  readonly colour: string;
  readonly text: string;
  /** Colour of a band behind the line. */
  readonly behind?: string;
  readonly line?: 'solid' | 'dotted' | 'dashed';
}

function Key({ colour, text, behind = 'transparent', line = 'solid' }: KeyProps) {
  return (
    <span className={style.key}>
      <span aria-hidden className={style.swatch} style={{ background: behind }}>
        <span className={style.stroke} style={{ borderTop: `2px ${line} ${colour}` }} />
      </span>
      {text}
    </span>
  );
}
