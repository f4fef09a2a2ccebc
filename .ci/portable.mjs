// @ts-check
// Builds for one target each, linked with nothing but that system's C library: the program as packages carry it, in
// build/TARGET/bin, and the unit tests, in build/TARGET-tests/bin.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { dependenciesFor, toolchainOptions } from './dependencies.mjs';
import { elapsed, output, root, run, say } from './tools.mjs';

/** @typedef {import('./targets.mjs').Target} Target */

/**
 * @param {Target} target
 * @returns {Promise<string>} the folder with the programs
 */
export function buildPortable(target) {
    const commit = output('git', ['rev-parse', '--short', 'HEAD'])?.trim() ?? '';
    return build(target, target.name, {
        CMAKE_BUILD_TYPE: 'Release',
        CMAKE_CXX_FLAGS_RELEASE: '-Oz -DNDEBUG',
        BUILD_TESTING: 'OFF',
        AML_COMMIT: commit,
    });
}

/**
 * Not optimised and without what debuggers read, since that is compiled soonest.
 * @param {Target} target
 * @returns {Promise<string>} the folder with the test programs
 */
export function buildUnitTests(target) {
    return build(
        target,
        `${target.name}-tests`,
        { CMAKE_BUILD_TYPE: 'Debug', CMAKE_CXX_FLAGS_DEBUG: '-O0 -g0', BUILD_TESTING: 'ON' },
        'aml_unit_tests',
    );
}

/**
 * @param {Target} target
 * @param {string} name of the folder in build/
 * @param {Record<string, string>} options
 * @param {string} [goal] what is built; everything unless it is named
 */
async function build(target, name, options, goal = 'all') {
    const started = Date.now();
    const { prefix, compilers } = await dependenciesFor(target);
    const folder = join(root, 'build', name);
    forgetOther(folder, prefix);
    const defined = Object.entries({ AML_UNITY: 'ON', AML_TARGET: target.name, ...options }).map(
        ([option, value]) => `-D${option}=${value}`,
    );
    await run('cmake', ['-S', root, '-B', folder, ...toolchainOptions(target, compilers, prefix), ...defined]);
    await run('cmake', ['--build', folder, '--target', goal]);
    say(`Built build/${name} in ${elapsed(started)}.`);
    return join(folder, 'bin');
}

/** Removes a build with other libraries, whose places CMake would remember. @param {string} build @param {string} prefix */
function forgetOther(build, prefix) {
    const note = join(build, 'built-with');
    if (existsSync(note) && readFileSync(note, 'utf8') === prefix) return;
    rmSync(build, { recursive: true, force: true });
    mkdirSync(build, { recursive: true });
    writeFileSync(note, prefix);
}
