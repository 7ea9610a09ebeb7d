import { Menu } from '@base-ui/react/menu';
import type { AbundanceScale } from '../../results/rows.ts';
import { columnChoices, USUAL_COLUMNS, withColumn } from '../../state/sampleColumns.ts';
import common from '../common/common.module.css';
import { useSettings } from '../session.tsx';
import style from './sample.module.css';

/** Which columns the table has: a check box each, and a way back to the usual ones. */
export function ColumnsMenu({ scale }: { readonly scale: AbundanceScale }) {
  const chosen = useSettings((settings) => settings.sampleColumns);
  const choose = useSettings((settings) => settings.setSampleColumns);
  return (
    <Menu.Root>
      <Menu.Trigger className={`${common.button ?? ''} ${common.small ?? ''}`}>Columns ▾</Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={3} className={style.above}>
          <Menu.Popup className={style.columns}>
            {columnChoices(scale).map(([id, title]) => (
              <Menu.CheckboxItem
                key={id}
                className={style.column}
                checked={chosen.includes(id)}
                onCheckedChange={(wanted) => {
                  choose(withColumn(chosen, id, wanted));
                }}
              >
                <span className={style.tick} aria-hidden="true">
                  {chosen.includes(id) ? '✓' : ''}
                </span>
                {title}
              </Menu.CheckboxItem>
            ))}
            <Menu.Item
              className={style.column}
              closeOnClick={false}
              onClick={() => {
                choose(USUAL_COLUMNS);
              }}
            >
              <span className={style.tick} />
              the usual ones
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
