import { Tooltip } from '@base-ui/react/tooltip';
import { useEffect, useState } from 'react';
import { useDropzone } from 'react-dropzone';
import type { Session } from '../state/session.ts';
import { AppearanceProvider, useAppearance } from '../ui/appearance.tsx';
import { Toast } from '../ui/common/Toast.tsx';
import { useViewLink } from '../ui/export/useViewLink.ts';
import { FitPanel } from '../ui/fit/FitPanel.tsx';
import { LearnCard } from '../ui/learn/LearnCard.tsx';
import { useLearnLink } from '../ui/learn/useLearnLink.ts';
import { ResultsPanel } from '../ui/results/ResultsPanel.tsx';
import { SamplePanel } from '../ui/sample/SamplePanel.tsx';
import { SessionProvider, useSession, useSessionState, useSettings } from '../ui/session.tsx';
import { LabelsPanel } from '../ui/sliders/LabelsPanel.tsx';
import { SpectraPanel } from '../ui/spectra/SpectraPanel.tsx';
import { HelpDialog } from '../ui/topbar/HelpDialog.tsx';
import { TopBar } from '../ui/topbar/TopBar.tsx';
import { LowerViews } from '../ui/views/LowerViews.tsx';
import { SpectrumPanel } from '../ui/views/SpectrumPanel.tsx';
import style from './App.module.css';
import { listenForShortcuts } from './shortcuts.ts';

/** The whole page over one session. */
export function App({ session }: { readonly session: Session }) {
  return (
    <SessionProvider value={session}>
      <Page />
    </SessionProvider>
  );
}

function Page() {
  const session = useSession();
  const appearance = useAppearance(useSettings((settings) => settings.theme));
  const [help, setHelp] = useState(false);
  const sample = useSessionState((state) => state.sampleOpen);
  useLearnLink();
  useViewLink();
  const drop = useDropzone({
    noClick: true,
    noKeyboard: true,
    onDrop: (files) => void session.dropFiles(files),
  });
  useEffect(
    () =>
      listenForShortcuts(session, () => {
        setHelp((open) => !open);
      }),
    [session],
  );
  return (
    <AppearanceProvider value={appearance}>
      <Tooltip.Provider>
        <div {...drop.getRootProps({ className: style.page ?? '', role: 'presentation' })}>
          <input {...drop.getInputProps({ 'aria-label': 'Spectrum files' })} />
          <div className={style.top}>
            <TopBar
              onHelp={() => {
                setHelp(true);
              }}
            />
          </div>
          <div className={style.left}>
            <SpectraPanel onChoose={drop.open} />
            <FitPanel />
            <LabelsPanel />
          </div>
          <main className={style.centre}>
            {sample ? (
              <SamplePanel />
            ) : (
              <>
                <SpectrumPanel />
                <LowerViews />
              </>
            )}
          </main>
          <div className={style.right}>
            <LearnCard />
            <ResultsPanel />
          </div>
          {drop.isDragActive && <div className={style.drop}>Drop spectra to open them</div>}
        </div>
        <Toast />
        <HelpDialog open={help} onOpenChange={setHelp} />
      </Tooltip.Provider>
    </AppearanceProvider>
  );
}
