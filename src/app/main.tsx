import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ErrorBoundary } from 'react-error-boundary';
import { createFitClient } from '../compute/client.ts';
import { indexedDbKeeper } from '../state/keeper.ts';
import { createSession } from '../state/session.ts';
import { App } from './App.tsx';
import { ErrorScreen } from './ErrorScreen.tsx';
import './theme.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
const session = createSession(createFitClient({ base: new URL('./', document.baseURI).href }), indexedDbKeeper());
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary FallbackComponent={ErrorScreen}>
      <App session={session} />
    </ErrorBoundary>
  </StrictMode>,
);
