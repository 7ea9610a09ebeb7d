import { Menu } from '@base-ui/react/menu';
import { resultsToCsv } from '../../io/write/results.ts';
import { fittedStars } from '../../state/fittedStars.ts';
import common from '../common/common.module.css';
import { download, fileStem } from '../export/download.ts';
import { useSelected, useSession, useSessionState } from '../session.tsx';
import { saveCurrentFigure } from '../views/saveFigures.ts';
import type { FigureName } from '../views/saveFigures.ts';
import style from './topbar.module.css';

const FIGURES: readonly (readonly [FigureName, string])[] = [
  ['spectrum', 'Flux and residuals'],
  ['derivative', 'Derivative'],
  ['abundances', 'Abundances'],
  ['corner', 'Corner plot'],
];

/** Results of every fitted spectrum, and the figures of the selected one. */
export function ExportMenu() {
  const session = useSession();
  const entries = useSessionState((state) => state.entries);
  const selected = useSelected();
  const hasModel = useSessionState((state) => state.jacobian !== null);
  const fitted = fittedStars(entries);
  const only = fitted[0];
  const stem = fitted.length === 1 && only !== undefined ? fileStem(only.spectrum.id) : 'maury-results';
  const drawable: Readonly<Record<FigureName, boolean>> = {
    spectrum: selected !== null,
    derivative: hasModel,
    abundances: selected?.run.kind === 'done',
    corner: selected?.run.kind === 'done' && selected.run.result.posterior !== undefined,
  };
  return (
    <Menu.Root>
      <Menu.Trigger className={`${common.button ?? ''} ${common.quiet ?? ''}`}>Export ▾</Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end" style={{ zIndex: 24 }}>
          <Menu.Popup className={style.menu}>
            <Menu.Group>
              <Menu.GroupLabel className={style.group}>
                Results of {fitted.length} {fitted.length === 1 ? 'spectrum' : 'spectra'}
              </Menu.GroupLabel>
              <Menu.Item
                className={style.item}
                disabled={fitted.length === 0}
                onClick={() => {
                  session.attempt('Results as CSV', () => {
                    download(`${stem}.csv`, new Blob([resultsToCsv(fitted, provenance())], { type: 'text/csv' }));
                  });
                }}
              >
                Results as CSV
              </Menu.Item>
              <Menu.Item
                className={style.item}
                disabled={fitted.length === 0}
                onClick={() => {
                  session.attempt('Results as JSON', async () => {
                    download(`${stem}.json`, new Blob([await session.resultsJson()], { type: 'application/json' }));
                  });
                }}
              >
                Results as JSON
              </Menu.Item>
            </Menu.Group>
            <Menu.Group>
              <Menu.GroupLabel className={style.group}>Figures</Menu.GroupLabel>
              {FIGURES.flatMap(([name, title]) =>
                (['png', 'svg'] as const).map((format) => (
                  <Menu.Item
                    key={`${name}-${format}`}
                    className={style.item}
                    disabled={!drawable[name]}
                    onClick={() => {
                      session.attempt(`${title} as ${format.toUpperCase()}`, () => saveCurrentFigure(session, name, format));
                    }}
                  >
                    {title} as {format.toUpperCase()}
                  </Menu.Item>
                )),
              )}
            </Menu.Group>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

const provenance = () => ({ software: 'Maury', date: new Date().toISOString() });
