// `npm test`: on a machine with Node and nothing else, installs what is needed and runs every check.
import { installBrowser, installPackages, installPython, requireNode } from './install.mjs';
import { report } from './checks.mjs';

requireNode();
installPackages();
installBrowser();
installPython();
await report(process.argv.slice(2));
