import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ErrorBoundary } from 'react-error-boundary';
import { createFitClient } from '../compute/client.ts';
import { failureOf } from '../state/failureOf.ts';
import { indexedDbKeeper } from '../state/keeper.ts';
import { createSession } from '../state/session.ts';
import { notify } from '../state/store.ts';
import { browserTabs } from '../state/tabs.ts';
import { App } from './App.tsx';
import { workOffline } from './offline.ts';
import { ErrorScreen } from './ErrorScreen.tsx';
import './theme.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
const client = createFitClient({ base: new URL('./', document.baseURI).href });
const session = createSession(client, { keeper: indexedDbKeeper(), tabs: browserTabs() });
// Whatever slipped through is at least reported.
window.addEventListener('unhandledrejection', ({ reason }) => {
  notify(session.store, 'The page', failureOf(reason));
});
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary FallbackComponent={ErrorScreen}>
      <App session={session} />
    </ErrorBoundary>
  </StrictMode>,
);
if (import.meta.env.PROD) workOffline(session);
