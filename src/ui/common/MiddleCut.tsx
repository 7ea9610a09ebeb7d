import style from './common.module.css';

/** Letters at the end that are always shown: where names of files of one survey differ. */
const TAIL = 14;

/** A name that is cut in its middle where there is no room: names of one survey begin alike, and end alike in their suffix. */
export function MiddleCut({ text }: { readonly text: string }) {
  const at = Math.max(0, text.length - TAIL);
  return (
    <span className={style.middleCut}>
      <span>{text.slice(0, at)}</span>
      <span>{text.slice(at)}</span>
    </span>
  );
}
