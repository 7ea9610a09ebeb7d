import { useMemo } from 'react';
import { isElement } from '../../domain/labels.ts';
import { FigureView } from '../../plots/FigureView.tsx';
import { sampleFigure } from '../../plots/sampleFigure.ts';
import type { SamplePoint } from '../../plots/sampleFigure.ts';
import type { AbundanceScale } from '../../results/rows.ts';
import type { SampleRow } from '../../state/sampleTable.ts';
import { usePalette } from '../appearance.tsx';
import { useSession } from '../session.tsx';
import style from './sample.module.css';

interface Props {
  readonly rows: readonly SampleRow[];
  readonly selected: string | null;
  readonly element: string;
  readonly scale: AbundanceScale;
}

/** The stars of the table in the Kiel diagram and in the plane of one element; a click selects the star. */
export function SamplePlots({ rows, selected, element, scale }: Props) {
  const session = useSession();
  const palette = usePalette();
  const name = isElement(element) ? element : 'Mg';
  const title = scale === 'xh' ? `[${name}/H]` : `[${name}/Fe]`;
  const kiel = useMemo(
    () =>
      sampleFigure(
        { id: 'kiel', points: pointsOf(rows, 'teff', 'logg'), xTitle: 'T_eff (K)', yTitle: 'log g (cgs)', reversed: true, selected },
        palette,
      ),
    [rows, selected, palette],
  );
  const plane = useMemo(
    () =>
      sampleFigure(
        {
          id: `plane-${name}-${scale}`,
          points: pointsOf(rows, 'feh', name),
          xTitle: '[Fe/H] (dex)',
          yTitle: `${title} (dex)`,
          reversed: false,
          selected,
        },
        palette,
      ),
    [rows, selected, palette, name, scale, title],
  );
  return (
    <div className={style.plots}>
      <FigureView figure={kiel} label={`Kiel diagram of ${String(rows.length)} stars`} onKey={session.select} />
      <FigureView figure={plane} label={`${title} against [Fe/H] of ${String(rows.length)} stars`} onKey={session.select} />
    </div>
  );
}

/** The stars that have both labels. */
function pointsOf(rows: readonly SampleRow[], x: string, y: string): SamplePoint[] {
  return rows.flatMap(({ key, state, values }) => {
    const [one, other] = [values.get(x), values.get(y)];
    if (one === undefined || other === undefined) return [];
    return [{ key, x: one.value, y: other.value, xSigma: one.sigma, ySigma: other.sigma, doubtful: state !== 'good' }];
  });
}
