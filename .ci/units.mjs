// @ts-check
// usage: node .ci/units.mjs
// Builds the unit tests for those other systems whose programs this machine can run: for Windows, where Wine is. The
// suite `platforms` runs them.

import { buildUnitTests } from './portable.mjs';
import { hostTarget, targetsNamed } from './targets.mjs';
import { isInstalled, say, script } from './tools.mjs';

await script(async () => {
    if (hostTarget()?.name !== 'linux-x64' || !isInstalled('wine')) {
        say('The unit tests are not built for Windows: there is no Wine here that would run them.');
        return;
    }
    for (const target of targetsNamed(['win32-x64'])) await buildUnitTests(target);
});
