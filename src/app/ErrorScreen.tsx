import type { FallbackProps } from 'react-error-boundary';

/** Our own bug, told plainly: what happened, and the way on. */
export function ErrorScreen({ error, resetErrorBoundary }: FallbackProps) {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return (
    <div role="alert" style={{ maxWidth: 640, margin: '10vh auto', padding: '0 16px' }}>
      <h1 style={{ fontSize: 18 }}>The page stumbled over a mistake of its own</h1>
      <p>{message}</p>
      <button type="button" onClick={resetErrorBoundary}>
        Go on with the spectra that are loaded
      </button>
      {stack !== undefined && (
        <details>
          <summary>For a report</summary>
          <pre style={{ overflow: 'auto' }}>{stack}</pre>
        </details>
      )}
    </div>
  );
}
