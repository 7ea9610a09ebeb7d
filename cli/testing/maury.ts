import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the real command line; `watch` sees the process and what it has said on stderr so far, whenever it says more. */
export function startMaury(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  watch: (child: ChildProcess, stderr: string) => void = () => undefined,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'cli/main.ts', ...args], { cwd: ROOT, env: { ...process.env, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
    child.stderr.on('data', (part: Buffer) => {
      stderr += part.toString();
      watch(child, stderr);
    });
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
