import { useMemo } from 'react';
import { FigureView } from '../../plots/FigureView.tsx';
import { sampleFigure } from '../../plots/sampleFigure.ts';
import type { SamplePoint } from '../../plots/sampleFigure.ts';
import { abundanceTitle } from '../../results/rows.ts';
import type { AbundanceScale } from '../../results/rows.ts';
import { shownElement } from '../../state/sampleColumns.ts';
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
  const name = shownElement(element);
  const title = abundanceTitle(name, scale);
  const dwarfsAndGiants = useMemo(() => pointsOf(rows, 'teff', 'logg'), [rows]);
  const abundances = useMemo(() => pointsOf(rows, 'feh', name), [rows, name]);
  const kiel = useMemo(
    () =>
      sampleFigure({ id: 'kiel', points: dwarfsAndGiants, xTitle: 'T_eff (K)', yTitle: 'log g (cgs)', reversed: true, selected }, palette),
    [dwarfsAndGiants, selected, palette],
  );
  const plane = useMemo(
    () =>
      sampleFigure(
        {
          id: `plane-${name}-${scale}`,
          points: abundances,
          xTitle: '[Fe/H] (dex)',
          yTitle: `${title} (dex)`,
          reversed: false,
          selected,
        },
        palette,
      ),
    [abundances, selected, palette, name, scale, title],
  );
  return (
    <div className={style.plots}>
      <FigureView figure={kiel} label={`Kiel diagram of ${String(dwarfsAndGiants.length)} stars`} onKey={session.select} />
      <FigureView figure={plane} label={`${title} against [Fe/H] of ${String(abundances.length)} stars`} onKey={session.select} />
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
