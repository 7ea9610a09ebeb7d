import { Segments } from '../common/Segments.tsx';
import common from '../common/common.module.css';
import { useSelected, useSession, useSettings } from '../session.tsx';
import { BackendNote } from './BackendNote.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { ModelCardButton } from './ModelCard.tsx';
import { ModelSelect } from './ModelSelect.tsx';
import { nextTheme } from './theme.ts';
import style from './topbar.module.css';

interface Props {
  readonly onHelp: () => void;
}

/** The name, what runs beneath, and what concerns the whole page. */
export function TopBar({ onHelp }: Props) {
  const session = useSession();
  const frame = useSettings((settings) => settings.frame);
  const entry = useSelected();
  // As the axes: before a fit there is one frame alone.
  const fitted = entry === null || entry.run.kind === 'done';
  const theme = useSettings((settings) => settings.theme);
  return (
    <header className={style.bar}>
      <h1 className={style.name}>Maury</h1>
      <ModelSelect />
      <BackendNote />
      <ModelCardButton />
      <span className={common.space} />
      <span title={fitted ? undefined : 'The rest frame is known once the spectrum is fitted'}>
        <Segments
          label="Wavelength frame"
          value={fitted ? frame : entry.spectrum.frame === 'rest' ? 'rest' : 'observed'}
          disabled={!fitted}
          options={[
            ['rest', 'rest frame'],
            ['observed', 'observed'],
          ]}
          onChange={session.settings.getState().setFrame}
        />
      </span>
      <button type="button" className={`${common.button ?? ''} ${common.quiet ?? ''}`} onClick={session.openLearning}>
        Learn
      </button>
      <ExportMenu />
      <button
        type="button"
        className={`${common.button ?? ''} ${common.quiet ?? ''}`}
        onClick={() => {
          session.settings.getState().setTheme(nextTheme(theme));
        }}
      >
        Theme: {theme}
      </button>
      <button type="button" className={`${common.button ?? ''} ${common.quiet ?? ''}`} aria-label="Help and shortcuts" onClick={onHelp}>
        Help <kbd className={style.key}>?</kbd>
      </button>
    </header>
  );
}
