import { usePalette } from '../appearance.tsx';
import style from './views.module.css';

interface Props {
  readonly hasModel: boolean;
  /** Where the model comes from. */
  readonly source: string;
}

/** The key to the colours, in the panel's head where it hides no data. */
export function Legend({ hasModel, source }: Props) {
  const palette = usePalette();
  return (
    <span className={style.legend}>
      <Key colour={palette.data} text="data" />
      <Key colour={palette.band} text="1σ" thick />
      {hasModel && <Key colour={palette.model} text={`model (${source})`} />}
      {hasModel && <Key colour={palette.continuum} text="continuum" dotted />}
      <Key colour={palette.masked} text="masked" thick />
    </span>
  );
}

function Key({ colour, text, thick = false, dotted = false }: { colour: string; text: string; thick?: boolean; dotted?: boolean }) {
  return (
    <span className={style.key}>
      <span
        aria-hidden
        className={style.swatch}
        style={thick ? { height: 8, background: colour } : { borderTop: `2px ${dotted ? 'dotted' : 'solid'} ${colour}` }}
      />
      {text}
    </span>
  );
}
