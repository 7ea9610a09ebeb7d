import { useEffect } from 'react';
import { exerciseIn } from '../../domain/exercises.ts';
import { useSession } from '../session.tsx';

/** Opens the exercise that the address names, when the page opens and whenever the address changes. */
export function useLearnLink(): void {
  const session = useSession();
  useEffect(() => {
    const follow = (): void => {
      const exercise = exerciseIn(globalThis.location.hash);
      if (exercise !== null) session.attempt(exercise.title, () => session.goTo(exercise.id, 0));
    };
    follow();
    globalThis.addEventListener('hashchange', follow);
    return () => {
      globalThis.removeEventListener('hashchange', follow);
    };
  }, [session]);
}
