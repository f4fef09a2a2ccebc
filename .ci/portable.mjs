// @ts-check
// Builds the programs as packages carry them: for one target each, linked with nothing but that system's C library, in
// build/TARGET/bin.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { dependenciesFor, toolchainOptions } from './dependencies.mjs';
import { elapsed, output, root, run, say } from './tools.mjs';

/**
 * @param {import('./targets.mjs').Target} target
 * @returns {Promise<string>} the folder with the programs
 */
export async function buildPortable(target) {
    const started = Date.now();
    const { prefix, compilers } = await dependenciesFor(target);
    const build = join(root, 'build', target.name);
    forgetOther(build, prefix);
    const commit = output('git', ['rev-parse', '--short', 'HEAD'])?.trim() ?? '';
    const options = {
        CMAKE_BUILD_TYPE: 'Release',
        CMAKE_CXX_FLAGS_RELEASE: '-Os -DNDEBUG',
        BUILD_TESTING: 'OFF',
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
