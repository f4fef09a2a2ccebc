// @ts-check
// usage: node .ci/lint.mjs [FILE OR FOLDER...]        (`npm run lint -- server/aml/rpc`)
// Runs clang-tidy over the C++ sources, all of them unless some are named: the slow check that
// `npm test` leaves out. Formatting and the project's own rules are tests in tests/tidy.

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';

import { Failure, root, run, say, script } from './tools.mjs';

await script(async () => {
    await run('cmake', ['--preset', 'dev']);
    const files = sources(process.argv.slice(2).map((path) => resolve(path)));
    if (files.length === 0) throw new Failure('No C++ source of the build lies there.');
    say(`clang-tidy checks ${files.length} files.`);
    const results = { next: 0, failed: /** @type {string[]} */ ([]) };
    const workers = Array.from({ length: availableParallelism() }, () => work(files, results));
    await Promise.all(workers);
    if (results.failed.length > 0) {
        throw new Failure(`clang-tidy objects to ${results.failed.length} files.`);
    }
    say('clang-tidy has no objection.');
});

/**
 * The sources of the dev build that lie at or under `places`.
 * @param {readonly string[]} places
 * @returns {string[]}
 */
function sources(places) {
    const path = join(root, 'build', 'dev', 'compile_commands.json');
    const generated = (/** @type {string} */ file) =>
        file.includes('.gen.') || file.startsWith(join(root, 'build'));
    const chosen = (/** @type {string} */ file) =>
        places.length === 0 || places.some((place) => file === place || file.startsWith(`${place}/`));
    /** @type {{ file: string }[]} */
    const commands = JSON.parse(readFileSync(path, 'utf8'));
    return commands.map(({ file }) => file).filter((file) => !generated(file) && chosen(file));
}

/**
 * @param {readonly string[]} files
 * @param {{ next: number, failed: string[] }} results
 */
async function work(files, results) {
    // Clang does not know GCC's precompiled header options, and sees no coroutines in Boost 1.74.
    const extra = [
        '-Wno-unknown-warning-option',
        '-Wno-ignored-optimization-argument',
        '-Qunused-arguments',
        '-DBOOST_ASIO_HAS_CO_AWAIT=1',
        '-D__cpp_impl_coroutine=201902L',
    ].map((argument) => `--extra-arg=${argument}`);
    while (results.next < files.length) {
        const file = files[results.next++] ?? '';
        try {
            await run('clang-tidy', ['--quiet', '-p', 'build/dev', ...extra, file]);
        } catch {
            results.failed.push(file);
        }
    }
}
