import { Segments } from '../common/Segments.tsx';
import common from '../common/common.module.css';
import { useSession, useSettings } from '../session.tsx';
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
  const theme = useSettings((settings) => settings.theme);
  return (
    <header className={style.bar}>
      <h1 className={style.name}>Maury</h1>
      <ModelSelect />
      <BackendNote />
      <ModelCardButton />
      <span className={common.space} />
      <Segments
        label="Wavelength frame"
        value={frame}
        options={[
          ['rest', 'rest frame'],
          ['observed', 'observed'],
        ]}
        onChange={session.settings.getState().setFrame}
      />
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
