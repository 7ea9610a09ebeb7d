import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';
import style from './common.module.css';

interface Props {
  readonly text: string;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A word that explains itself on hover and on focus. */
export function Tip({ text, children, className = '' }: Props) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger type="button" delay={200} className={`${style.tipTrigger ?? ''} ${className}`}>
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} style={{ zIndex: 30 }}>
          <Tooltip.Popup className={style.tip}>{text}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
