import { useRef } from 'react';
import style from '../common/common.module.css';
import { useSession, useSessionState } from '../session.tsx';

const BUTTON = `${style.button ?? ''} ${style.small ?? ''}`;

/** Opens a person's own list of lines, or takes it away again. */
export function OwnLines() {
  const session = useSession();
  const own = useSessionState((state) => state.ownLines);
  const input = useRef<HTMLInputElement>(null);
  if (own !== null)
    return (
      <button
        type="button"
        className={BUTTON}
        title={`${String(own.lines.length)} lines of ${own.name}`}
        aria-label={`Remove the lines of ${own.name}`}
        onClick={() => {
          session.removeOwnLines();
        }}
      >
        own lines ×
      </button>
    );
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="File with own lines"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file !== undefined) void session.openOwnLines(file);
          event.target.value = '';
        }}
      />
      <button
        type="button"
        className={BUTTON}
        title="A list of your own: text with wavelengths (Å) and names. Dropping it on the page does the same."
        onClick={() => input.current?.click()}
      >
        own lines…
      </button>
    </>
  );
}
