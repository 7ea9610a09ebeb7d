import { useEffect, useRef } from 'react';
import { EXERCISES, type Exercise } from '../../domain/exercises.ts';
import common from '../common/common.module.css';
import { useSession, useSessionState } from '../session.tsx';
import style from './learn.module.css';

/** The exercises: a list to choose from, then one step at a time beside the plots that it sets. Not there until it is asked for. */
export function LearnCard() {
  const session = useSession();
  const state = useSessionState(({ exercise }) => exercise);
  const heading = useRef<HTMLHeadingElement>(null);
  const at = state === null ? '' : `${state.id ?? ''} ${String(state.step)}`;
  // So that a keyboard and a screen reader are where the new step is.
  useEffect(() => {
    heading.current?.focus();
  }, [at]);
  if (state === null) return null;
  const exercise = EXERCISES.find(({ id }) => id === state.id);
  return (
    <section className={style.card} aria-label="Learn">
      <div className={style.head}>
        <h2 ref={heading} tabIndex={-1}>
          {exercise === undefined ? 'Learn' : exercise.title}
        </h2>
        {exercise !== undefined && (
          <button type="button" className={`${common.button ?? ''} ${common.small ?? ''}`} onClick={session.openLearning}>
            All exercises
          </button>
        )}
        <button
          type="button"
          className={`${common.button ?? ''} ${common.small ?? ''}`}
          aria-label="Close the exercises"
          onClick={session.closeLearning}
        >
          Close
        </button>
      </div>
      {exercise === undefined ? <List /> : <Step exercise={exercise} step={state.step} answered={state.answered} />}
    </section>
  );
}

function List() {
  const session = useSession();
  return (
    <>
      <p>Four exercises of about five minutes. Each sets the plots and the sliders for you and asks a question at every step.</p>
      <ol className={style.list}>
        {EXERCISES.map(({ id, title }) => (
          <li key={id}>
            <button
              type="button"
              className={common.button}
              onClick={() => {
                session.attempt(title, () => session.goTo(id, 0));
              }}
            >
              {title}
            </button>{' '}
            <a href={`#learn=${id}`}>link</a>
          </li>
        ))}
      </ol>
    </>
  );
}

function Step({ exercise, step, answered }: { readonly exercise: Exercise; readonly step: number; readonly answered: boolean }) {
  const session = useSession();
  const { id, title, steps } = exercise;
  const now = steps[step];
  if (now === undefined) return null;
  const go = (to: number) => () => {
    session.attempt(title, () => session.goTo(id, to));
  };
  return (
    <>
      <p>{now.text}</p>
      <p>
        <b>{now.question}</b>
      </p>
      <div aria-live="polite">{answered && <p className={style.answer}>{now.answer}</p>}</div>
      <div className={style.actions}>
        <button type="button" className={common.button} disabled={step === 0} onClick={go(step - 1)}>
          Back
        </button>
        <span className={common.note}>{`step ${String(step + 1)} of ${String(steps.length)}`}</span>
        <span className={common.space} />
        {!answered && (
          <button type="button" className={common.button} onClick={session.showAnswer}>
            Show the answer
          </button>
        )}
        <button
          type="button"
          className={`${common.button ?? ''} ${common.primary ?? ''}`}
          onClick={step + 1 < steps.length ? go(step + 1) : session.openLearning}
        >
          {step + 1 < steps.length ? 'Next' : 'Done'}
        </button>
      </div>
    </>
  );
}
