// `npm start`: installs if need be, builds, serves on localhost and prints the address.
import { freePort, installPackages, requireNode, run } from './install.mjs';

requireNode();
installPackages();
if (!run('npx', ['vite', 'build', '--logLevel', 'warn'])) process.exit(1);

const { preview } = await import('vite');
const wanted = Number(process.env.PORT ?? 4173);
const server = await preview({ preview: { port: wanted, strictPort: true, host: 'localhost' }, logLevel: 'warn' }).catch(async () =>
  preview({ preview: { port: await freePort(), strictPort: true, host: 'localhost' }, logLevel: 'warn' }),
);
console.log(`Maury is ready at ${server.resolvedUrls?.local[0] ?? 'localhost'}   (Ctrl+C stops it)`);
