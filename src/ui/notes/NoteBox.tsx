import { useState } from 'react';
import { LONGEST_COMMENT, NOTE_VERDICTS } from '../../domain/note.ts';
import { noteOf, type Entry } from '../../state/entries.ts';
import common from '../common/common.module.css';
import { useSession } from '../session.tsx';
import style from './notes.module.css';

/** What a person thinks of the selected star: a verdict by button or key, and one line of text. */
export function NoteBox({ entry }: { readonly entry: Entry }) {
  const session = useSession();
  const { verdict, comment } = noteOf(entry);
  const locked = entry.elsewhere === true;
  return (
    <div className={style.note} role="group" aria-label={`Your note on ${entry.key}`}>
      {NOTE_VERDICTS.map((one) => (
        <button
          key={one}
          type="button"
          className={`${common.button ?? ''} ${common.small ?? ''} ${style.verdict ?? ''}`}
          data-verdict={one}
          aria-pressed={verdict === one}
          disabled={locked}
          title={`Call ${entry.key} ${one} (key ${one.charAt(0).toUpperCase()}); once more takes it back`}
          onClick={() => {
            session.judge(one);
          }}
        >
          {one}
        </button>
      ))}
      <CommentBox key={`${entry.key} ${comment}`} of={entry.key} comment={comment} locked={locked} />
    </div>
  );
}

interface CommentProps {
  readonly of: string;
  readonly comment: string;
  readonly locked: boolean;
}

/** One line of text: Enter, or leaving the box, takes it; Escape brings back what was there. */
function CommentBox({ of, comment, locked }: CommentProps) {
  const session = useSession();
  const [draft, setDraft] = useState(comment);
  const take = (): void => {
    session.comment(of, draft);
  };
  return (
    <input
      type="text"
      className={`${common.field ?? ''} ${style.comment ?? ''}`}
      aria-label={`Your comment on ${of}`}
      placeholder="comment"
      maxLength={LONGEST_COMMENT}
      disabled={locked}
      value={draft}
      onChange={(event) => {
        setDraft(event.target.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
        else if (event.key === 'Escape') setDraft(comment);
      }}
      onBlur={take}
    />
  );
}
