import common from '../common/common.module.css';
import { useSession, useSessionState, useSettings } from '../session.tsx';
import { selectedEntry } from '../../state/entries.ts';
import { AwaitedFile } from './AwaitedFile.tsx';
import { Notices } from './Notices.tsx';
import { ReadingPrompt } from './ReadingPrompt.tsx';
import { SpectrumRow } from './SpectrumRow.tsx';
import style from './spectra.module.css';

interface Props {
  /** Opens the system's file chooser. */
  readonly onChoose: () => void;
}

/** What is loaded and how far it is; what could not be loaded. */
export function SpectraPanel({ onChoose }: Props) {
  const session = useSession();
  const entries = useSessionState((state) => state.entries);
  const demoWanted = useSettings((settings) => settings.demo);
  const hasDemo = demoWanted || entries.some(({ demo }) => demo === true);
  const selected = useSessionState((state) => state.selected);
  const reading = useSessionState((state) => state.reading);
  const sampleOpen = useSessionState((state) => state.sampleOpen);
  const entry = useSessionState(selectedEntry);
  return (
    <section className={style.panel} aria-label="Spectra">
      <div className={common.header}>
        <h2>Spectra</h2>
        <span className={common.note} role="status">
          {reading > 0 ? `reading ${String(reading)}…` : ''}
        </span>
        <span className={common.space} />
        <button
          type="button"
          className={`${common.button ?? ''} ${common.small ?? ''}`}
          aria-pressed={sampleOpen}
          title="All stars in one table, with their diagrams (key S)"
          onClick={session.toggleSample}
        >
          Sample
        </button>
        <button type="button" className={`${common.button ?? ''} ${common.small ?? ''}`} onClick={onChoose}>
          Choose files…
        </button>
      </div>
      <AwaitedFile onChoose={onChoose} />
      <ul className={style.list}>
        {entries.map((entry) => (
          <SpectrumRow
            key={entry.key}
            entry={entry}
            selected={entry.key === selected}
            onSelect={() => {
              session.select(entry.key);
            }}
            onRemove={() => {
              session.remove(entry.key);
            }}
          />
        ))}
      </ul>
      {entry !== null && entry.elsewhere !== true && (
        <ReadingPrompt
          key={entry.key}
          spectrum={entry.spectrum}
          onAnswer={(answer) => {
            session.attempt(entry.key, () => session.answer(entry.key, answer));
          }}
        />
      )}
      <p className={style.hint}>
        or drop FITS, .fits.gz, CSV or text anywhere. Files stay on this machine.
        {!hasDemo && (
          <>
            {' '}
            <button type="button" onClick={session.showDemo}>
              Show the demo star
            </button>
          </>
        )}
      </p>
      <Notices />
    </section>
  );
}
