import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { EngineInfo } from '../domain/client.ts';
import { selectedEntry } from '../state/entries.ts';
import type { Entry } from '../state/entries.ts';
import type { Session } from '../state/session.ts';
import type { SessionState } from '../state/store.ts';
import type { Settings } from '../state/settings.ts';

const SessionContext = createContext<Session | null>(null);
export const SessionProvider = SessionContext.Provider;

/** The session of this page; its methods are what a person can do. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('no session above this component');
  return session;
}

export function useSessionState<T>(selector: (state: SessionState) => T): T {
  return useStore(useSession().store, selector);
}

export function useSettings<T>(selector: (settings: Settings) => T): T {
  return useStore(useSession().settings, selector);
}

export const useSelected = (): Entry | null => useSessionState(selectedEntry);

export const useEngine = (): EngineInfo | null => useSessionState(({ engine }) => (engine.kind === 'ready' ? engine.engine : null));
