import { useState } from 'react';
import type { MouseEvent, PointerEvent, ReactNode, TouchEvent } from 'react';
import { pixelOf, wavelengthAt } from '../../plots/wavelengthAt.ts';
import style from './views.module.css';

interface Props {
  /** Every drag leaves out a stretch; otherwise only one with Shift held does. */
  readonly masking: boolean;
  /** Wavelengths on show, Å. */
  readonly range: readonly [number, number];
  /** Both ends of a drag, Å as shown, in the order of the drag. */
  readonly onStretch: (one: number, other: number) => void;
  readonly children: ReactNode;
}

interface Drag {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

/** Lies over the spectrum's figure and takes the drags that leave out a stretch; all others reach the figure, which zooms. */
export function StretchLayer({ masking, range, onStretch, children }: Props) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const place = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return { ...wavelengthAt(event.clientX - left, width, range), width };
  };
  const keepFromFigure = (event: MouseEvent | TouchEvent): void => {
    if (masking || ('shiftKey' in event && event.shiftKey)) event.stopPropagation();
  };
  const end = (event: PointerEvent<HTMLDivElement>): void => {
    if (drag === null) return;
    setDrag(null);
    onStretch(drag.from, place(event).wavelength);
  };
  const pixels = drag === null ? [] : [drag.from, drag.to].map((at) => pixelOf(at, drag.width, range)).sort((a, b) => a - b);
  return (
    <div
      className={style.stretchLayer}
      data-masking={masking || undefined}
      onMouseDownCapture={keepFromFigure}
      onTouchStartCapture={keepFromFigure}
      onPointerDownCapture={(event) => {
        if (!(masking || event.shiftKey) || event.button !== 0) return;
        const { wavelength, inside, width } = place(event);
        if (!inside) return;
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: wavelength, to: wavelength, width });
      }}
      onPointerMove={(event) => {
        if (drag !== null) setDrag({ ...drag, to: place(event).wavelength });
      }}
      onPointerUp={end}
      onPointerCancel={() => {
        setDrag(null);
      }}
    >
      {children}
      {drag !== null && (
        <div aria-hidden className={style.stretch} style={{ left: pixels[0], width: Math.max(1, (pixels[1] ?? 0) - (pixels[0] ?? 0)) }} />
      )}
    </div>
  );
}
