/** Where CPU time goes, by Node's own sampling profiler. */
import { Session } from 'node:inspector/promises';

/** Share of CPU time (0 … 1) spent in the code of each source file itself, largest first; what is not in `src` or `cli` goes by its kind. */
export async function profileByFile(work: () => void): Promise<readonly { readonly file: string; readonly share: number }[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
  work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const fileOf = new Map(profile.nodes.map(({ id, callFrame }) => [id, sourceName(callFrame.url, callFrame.functionName)]));
  const time = new Map<string, number>();
  let total = 0;
  profile.samples?.forEach((id, i) => {
    const file = fileOf.get(id) ?? '(unknown)';
    if (file === '(idle)') return;
    const delta = Math.max(profile.timeDeltas?.[i] ?? 0, 0);
    time.set(file, (time.get(file) ?? 0) + delta);
    total += delta;
  });
  return [...time].map(([file, t]) => ({ file, share: t / total })).sort((a, b) => b.share - a.share);
}

function sourceName(url: string, functionName: string): string {
  const own = /\/((?:src|cli)\/[^?]+)/.exec(url)?.[1];
  if (own !== undefined) return own;
  return functionName.startsWith('(') ? functionName : '(libraries)';
}
