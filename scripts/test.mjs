// `npm test`: on a machine with Node and nothing else, installs what is needed and runs every check.
import { installBrowser, installPackages, requireNode } from './install.mjs';
import { report } from './checks.mjs';

requireNode();
installPackages();
installBrowser();
await report(process.argv.slice(2));
