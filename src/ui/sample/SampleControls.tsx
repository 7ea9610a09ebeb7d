import { poolSizeHere } from '../../compute/poolSize.ts';
import { nextDoubtful, NOTED, notedAs, progressOf, SAMPLE_STATES } from '../../state/sampleTable.ts';
import type { SampleChoice, SampleRow } from '../../state/sampleTable.ts';
import common from '../common/common.module.css';
import { formatSeconds } from '../common/format.ts';
import { NoteBox } from '../notes/NoteBox.tsx';
import { useEngine, useSelected, useSession, useSessionState, useSettings } from '../session.tsx';
import { ColumnsMenu } from './ColumnsMenu.tsx';
import style from './sample.module.css';

interface Props {
  readonly rows: readonly SampleRow[];
  /** Those that the table shows, in its order. */
  readonly shown: readonly SampleRow[];
  readonly choice: SampleChoice;
  readonly onChoice: (choice: SampleChoice) => void;
}

/** How far the sample is, what of it is shown, and what is done with all of it. */
export function SampleControls({ rows, shown, choice, onChoice }: Props) {
  const session = useSession();
  const engine = useEngine();
  const entries = useSessionState((all) => all.entries);
  const selected = useSelected();
  const scale = useSettings((settings) => settings.scale);
  const { fitted, failed, left, all, secondsLeft } = progressOf(entries, engine === null ? 1 : poolSizeHere(engine.backend.name));
  const next = nextDoubtful(shown, selected?.key ?? null);
  const button = `${common.button ?? ''} ${common.small ?? ''}`;
  return (
    <>
      <div className={`${common.header ?? ''} ${style.head ?? ''}`}>
        <h2>Sample</h2>
        <span className={common.note} role="status">
          {fitted} of {all} fitted
          {failed > 0 && `, ${String(failed)} failed`}
          {left > 0 && `, ${String(left)} to go`}
          {secondsLeft !== null && `, about ${formatSeconds(secondsLeft)}`}
        </span>
        {left > 0 && <progress aria-label="Fits of the sample" max={all} value={all - left} />}
        <span className={common.space} />
        {left > 0 ? (
          <button type="button" className={button} onClick={session.cancelAll}>
            Cancel all
          </button>
        ) : (
          <button type="button" className={button} disabled={fitted === all} onClick={session.fitAll}>
            Fit the rest
          </button>
        )}
        <button type="button" className={button} disabled={all === 0} onClick={session.removeAll}>
          Remove all
        </button>
      </div>
      <div className={style.choose}>
        <input
          type="search"
          className={`${common.field ?? ''} ${style.search ?? ''}`}
          aria-label="Show stars whose name, verdict or comment holds"
          placeholder="name, verdict or comment"
          value={choice.text}
          onChange={(event) => {
            onChoice({ ...choice, text: event.target.value });
          }}
        />
        <select
          aria-label="Show stars that are"
          className={common.select}
          value={choice.state ?? ''}
          onChange={(event) => {
            onChoice({ ...choice, state: SAMPLE_STATES.find((one) => one === event.target.value) ?? null });
          }}
        >
          <option value="">all: {rows.length}</option>
          {SAMPLE_STATES.map((one) => (
            <option key={one} value={one}>
              {one}: {rows.filter((row) => row.state === one).length}
            </option>
          ))}
        </select>
        <select
          aria-label="Show stars that you noted as"
          className={common.select}
          value={choice.noted ?? ''}
          onChange={(event) => {
            onChoice({ ...choice, noted: NOTED.find((one) => one === event.target.value) ?? null });
          }}
        >
          <option value="">any note</option>
          {NOTED.map((one) => (
            <option key={one} value={one}>
              {one}: {rows.filter((row) => notedAs(row) === one).length}
            </option>
          ))}
        </select>
        <button
          type="button"
          className={button}
          disabled={next === null}
          title="The next star that is doubtful or failed and that you have not called good or bad, in the order of the table"
          onClick={() => {
            if (next !== null) session.select(next);
          }}
        >
          Next doubtful
        </button>
        <ColumnsMenu scale={scale} />
        <span className={common.space} />
        {selected !== null && <NoteBox entry={selected} />}
      </div>
    </>
  );
}
