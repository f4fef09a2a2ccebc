// @ts-check
// usage: node .ci/build.mjs [PRESET [TARGET...]]
// Configures and builds a CMake preset; `release` makes build/release/bin/aml.

import { elapsed, run, say, script } from './tools.mjs';

await script(async () => {
    const [preset = 'release', ...targets] = process.argv.slice(2);
    const started = Date.now();
    await run('cmake', ['--preset', preset]);
    const selection = targets.flatMap((target) => ['--target', target]);
    await run('cmake', ['--build', '--preset', preset, ...selection]);
    say(`Built build/${preset} in ${elapsed(started)}.`);
});
