import type { ReactNode } from 'react';
import type { ImageFormat } from '../../plots/plotly.ts';
import style from './common.module.css';

interface Props {
  readonly title: string;
  readonly note?: ReactNode;
  readonly controls?: ReactNode;
  /** Saves the figure; null where there is none. */
  readonly onSave: ((format: ImageFormat) => void) | null;
  readonly children: ReactNode;
}

/** A titled box for one figure, with its own PNG and SVG buttons. */
export function FigurePanel({ title, note, controls, onSave, children }: Props) {
  return (
    <section className={style.panel} aria-label={title}>
      <div className={`${style.header ?? ''} ${style.figureHead ?? ''}`}>
        <h2>{title}</h2>
        {note !== undefined && note !== false && note !== null && <span className={style.note}>{note}</span>}
        <span className={style.space} />
        {controls}
        {(['png', 'svg'] as const).map((format) => (
          <button
            key={format}
            type="button"
            className={`${style.button ?? ''} ${style.quiet ?? ''} ${style.small ?? ''}`}
            disabled={onSave === null}
            aria-label={`Save ${title} as ${format.toUpperCase()}`}
            onClick={() => onSave?.(format)}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </div>
      <div className={style.body}>{children}</div>
    </section>
  );
}
