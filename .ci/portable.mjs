// @ts-check
// usage: node .ci/portable.mjs [TARGET...]
// Builds the programs as packages carry them: for one target each, linked with nothing but that system's C library, in
// build/TARGET/bin. Without an argument for this machine.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { dependenciesFor, toolchainOptions } from './dependencies.mjs';
import { hostTarget, targets } from './targets.mjs';
import { Failure, elapsed, output, root, run, say, script } from './tools.mjs';

/**
 * @param {import('./targets.mjs').Target} target
 * @param {{ tests?: boolean }} [options] whether to build the unit tests too
 * @returns {Promise<string>} the folder with the programs
 */
export async function buildPortable(target, { tests = false } = {}) {
    const started = Date.now();
    const { prefix, compilers } = await dependenciesFor(target);
    const build = join(root, 'build', target.name);
    forgetOther(build, prefix);
    const commit = output('git', ['rev-parse', '--short', 'HEAD'])?.trim() ?? '';
    const options = {
        CMAKE_BUILD_TYPE: 'Release',
        CMAKE_CXX_FLAGS_RELEASE: '-Os -DNDEBUG',
        BUILD_TESTING: tests ? 'ON' : 'OFF',
        AML_UNITY: 'ON',
        AML_TARGET: target.name,
        AML_COMMIT: commit,
    };
    const defined = Object.entries(options).map(([name, value]) => `-D${name}=${value}`);
    await run('cmake', ['-S', root, '-B', build, ...toolchainOptions(target, compilers, prefix), ...defined]);
    await run('cmake', ['--build', build]);
    say(`Built build/${target.name} in ${elapsed(started)}.`);
    return join(build, 'bin');
}

/** Removes a build with other libraries, whose places CMake would remember. @param {string} build @param {string} prefix */
function forgetOther(build, prefix) {
    const note = join(build, 'built-with');
    if (existsSync(note) && readFileSync(note, 'utf8') === prefix) return;
    rmSync(build, { recursive: true, force: true });
    mkdirSync(build, { recursive: true });
    writeFileSync(note, prefix);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    await script(async () => {
        const names = process.argv.slice(2);
        const wanted =
            names.length === 0
                ? [hostTarget()]
                : names.map((name) => targets.find((target) => target.name === name));
        for (const target of wanted) {
            if (!target)
                throw new Failure(
                    `Name some of these targets: ${targets.map(({ name }) => name).join(', ')}.`,
                );
            await buildPortable(target);
        }
    });
}
