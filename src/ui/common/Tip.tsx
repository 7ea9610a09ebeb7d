import { Tooltip } from '@base-ui/react/tooltip';
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import style from './common.module.css';

interface Props {
  readonly text: string;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A word that explains itself on hover, on focus, and on a tap. */
export function Tip({ text, children, className = '' }: Props) {
  const [open, setOpen] = useState(false);
  const touched = useRef(false);
  return (
    <Tooltip.Root open={open} onOpenChange={setOpen}>
      <Tooltip.Trigger
        type="button"
        delay={200}
        className={`${style.tipTrigger ?? ''} ${className}`}
        onPointerDown={({ pointerType }) => {
          touched.current = pointerType === 'touch';
        }}
        onClick={() => {
          // A finger does not hover: after what the press itself closes, the tap opens.
          if (touched.current)
            setTimeout(() => {
              setOpen(!open);
            });
        }}
        onBlur={() => {
          setOpen(false);
        }}
      >
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
