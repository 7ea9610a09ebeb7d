import { Menu } from '@base-ui/react/menu';
import { resultsCsv } from '../../results/csv.ts';
import { resultsFits } from '../../results/fits.ts';
import { resultsJson, type ResultRecord, type Run } from '../../results/record.ts';
import { resultsVotable } from '../../results/votable.ts';
import { exportFiles, zipped } from '../../state/exportAll.ts';
import { canExport, exportedEntries, exportedRecords, SPECTRUM_EXPORTS, thisRun } from '../../state/exports.ts';
import common from '../common/common.module.css';
import { copyCommand } from '../export/copyCommand.ts';
import { copyLink } from '../export/copyLink.ts';
import { download, fileStem } from '../export/download.ts';
import { saveSession } from '../export/saveSession.ts';
import { useSelected, useSession, useSessionState } from '../session.tsx';
import { saveCurrentFigure } from '../views/saveFigures.ts';
import type { FigureName } from '../views/saveFigures.ts';
import style from './topbar.module.css';

const FIGURES: readonly (readonly [FigureName, string])[] = [
  ['spectrum', 'Flux and residuals'],
  ['derivative', 'Derivative'],
  ['abundances', 'Abundances'],
  ['corner', 'Corner plot'],
  ['traces', 'Traces'],
  ['correlations', 'Correlations'],
];

interface Format {
  readonly title: string;
  readonly suffix: string;
  readonly type: string;
  readonly write: (records: readonly ResultRecord[], run: Run) => string | Uint8Array<ArrayBuffer>;
}

const FORMATS: readonly Format[] = [
  { title: 'CSV', suffix: 'csv', type: 'text/csv', write: resultsCsv },
  { title: 'JSON', suffix: 'json', type: 'application/json', write: (records) => resultsJson(records) },
  { title: 'FITS', suffix: 'fits', type: 'application/fits', write: resultsFits },
  { title: 'VOTable', suffix: 'vot', type: 'application/x-votable+xml', write: resultsVotable },
];

/** Results of every fitted spectrum, and the figures of the selected one. */
export function ExportMenu() {
  const session = useSession();
  const entries = useSessionState((state) => state.entries);
  const selected = useSelected();
  const hasModel = useSessionState((state) => state.jacobian !== null);
  const exported = exportedEntries(entries);
  const only = exported[0];
  const stem = exported.length === 1 && only !== undefined ? fileStem(only.spectrum.id) : 'maury-results';
  const drawable: Readonly<Record<FigureName, boolean>> = {
    spectrum: selected !== null,
    derivative: hasModel,
    abundances: selected?.run.kind === 'done',
    corner: selected?.run.kind === 'done' && selected.run.result.posterior !== undefined,
    traces: selected?.run.kind === 'done' && selected.run.result.posterior !== undefined,
    correlations: selected?.run.kind === 'done',
  };
  return (
    <Menu.Root>
      <Menu.Trigger className={`${common.button ?? ''} ${common.quiet ?? ''}`}>Export ▾</Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end" style={{ zIndex: 24 }}>
          <Menu.Popup className={style.menu}>
            <Menu.Item
              className={style.item}
              disabled={entries.length === 0}
              onClick={() => {
                saveSession(session);
              }}
            >
              Save session
            </Menu.Item>
            <Menu.Item
              className={style.item}
              disabled={selected === null}
              onClick={() => {
                copyLink(session);
              }}
            >
              Copy link
            </Menu.Item>
            <Menu.Group>
              <Menu.GroupLabel className={style.group}>
                Results of {exported.length} {exported.length === 1 ? 'spectrum' : 'spectra'}
              </Menu.GroupLabel>
              {FORMATS.map(({ title, suffix, type, write }) => (
                <Menu.Item
                  key={suffix}
                  className={style.item}
                  disabled={exported.length === 0}
                  onClick={() => {
                    session.attempt(`Results as ${title}`, () => {
                      const run = thisRun();
                      download(
                        `${stem}.${suffix}`,
                        new Blob([write(exportedRecords(entries, run, session.settings.getState().values), run)], { type }),
                      );
                    });
                  }}
                >
                  Results as {title}
                </Menu.Item>
              ))}
              <Menu.Item
                className={style.item}
                disabled={exported.length === 0}
                onClick={() => {
                  session.attempt('Everything as zip', async () => {
                    const files = exportFiles(entries, thisRun(), session.settings.getState().values);
                    download(`${stem}.zip`, new Blob([await zipped(files)], { type: 'application/zip' }));
                  });
                }}
              >
                Everything as zip
              </Menu.Item>
            </Menu.Group>
            <Menu.Group>
              <Menu.GroupLabel className={style.group}>The selected spectrum</Menu.GroupLabel>
              <Menu.Item
                className={style.item}
                disabled={selected?.run.kind !== 'done'}
                onClick={() => {
                  if (selected !== null) copyCommand(session, selected);
                }}
              >
                Copy as command
              </Menu.Item>
              {SPECTRUM_EXPORTS.map((one) => (
                <Menu.Item
                  key={one.suffix}
                  className={style.item}
                  disabled={!canExport(one, selected)}
                  onClick={() => {
                    session.attempt(one.title, () => {
                      const content = selected === null ? null : one.write(selected, thisRun());
                      if (selected !== null && content !== null)
                        download(`${fileStem(selected.spectrum.id)}${one.suffix}`, new Blob([content], { type: one.type }));
                    });
                  }}
                >
                  {one.title}
                </Menu.Item>
              ))}
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
