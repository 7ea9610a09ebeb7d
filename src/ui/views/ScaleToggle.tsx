import { Segments } from '../common/Segments.tsx';
import { useSession, useSettings } from '../session.tsx';

/** [X/H] or [X/Fe], for table and plot alike. */
export function ScaleToggle() {
  const session = useSession();
  return (
    <Segments
      label="Abundance scale"
      value={useSettings((settings) => settings.scale)}
      options={[
        ['xh', '[X/H]'],
        ['xfe', '[X/Fe]'],
      ]}
      onChange={session.settings.getState().setScale}
    />
  );
}
