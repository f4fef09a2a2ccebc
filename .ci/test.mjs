// @ts-check
// usage: node .ci/test.mjs [SUITE...]        (`npm test -- SUITE...`)
// Builds what the suites need and runs them, all of them unless some are named, each with those that
// it builds on. Parts of all suites run side by side, since most of them wait most of the time. What failed is
// printed again at the end; the last line is "N passed, N failed" (with ", N skipped" when there are any), and the
// exit code is 0 when none failed.

import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { installClients } from '../tests/clients/install.mjs';
import { hostTarget } from './targets.mjs';
import { elapsed, Failure, installNodeModules, root, run, say, script } from './tools.mjs';
import { add, failure, nodeTests, outcomeOf, testPrograms } from './suites.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} proves
 * @property {readonly string[]} presets CMake presets that must be built first
 * @property {readonly string[]} [needs] suites whose traces this one reads, so they run before it
 * @property {readonly string[]} [after] the same of suites without which it does too
 * @property {number} [most] how many of its jobs run at a time; as many as there is room for unless it says so
 * @property {() => Promise<void>} [prepare] what its jobs need besides the programs; whose time no test counts
 * @property {() => import('./suites.mjs').Job[]} jobs
 */

/** Where every suite's emulators record what is exchanged with them, for `fidelity`. */
const records = join(root, 'build/exchanges');
const clientRecords = join(records, 'clients');

// A storm says little of fidelity, and a lot: its record would be the largest of all.
const unrecorded = { AML_RECORD_DIR: '' };

// The programs that people get: those in this machine's package.
const packaged = { AML_BIN_DIR: join(root, 'build/vsix', hostTarget()?.name ?? '', 'bin') };

/**
 * Those that take longest come first, so that the others fill the time in which they wait.
 * @type {readonly Suite[]}
 */
const suites = [
    {
        name: 'vscode',
        proves: 'the packaged extension in a real VS Code, newest and oldest, as a person uses it',
        presets: [],
        most: 2,
        prepare: async () => {
            await makePackage();
            await run('node', ['tests/vscode/install.mjs']);
        },
        jobs: () => nodeTests('tests/vscode', /^(?!package).*\.test\.mjs$/, packaged),
    },
    {
        name: 'clients',
        proves: "Microsoft's and MLflow's own clients, unmodified, against the emulator",
        presets: [],
        prepare: async () => {
            await makePackage();
            installClients();
            await bundleClientTests();
        },
        // What they send is their own affair, what they are answered is checked.
        jobs: () => nodeTests('tests/clients', /\.test\.mjs$/, { ...packaged, AML_RECORD_DIR: clientRecords }),
    },
    {
        name: 'storm',
        proves: 'hundreds of submissions while everything fails: each is one run or one clear error',
        presets: [],
        prepare: makePackage,
        jobs: () => nodeTests('tests/storm', /\.test\.mjs$/, { ...unrecorded, ...packaged }),
    },
    {
        name: 'e2e',
        proves: 'the programs against each other: sessions, bad input, crashes, faults',
        presets: [],
        prepare: makePackage,
        jobs: () => nodeTests('tests/e2e', /\.test\.mjs$/, packaged),
    },
    {
        name: 'cpp',
        proves: 'units, protocol and transcripts under the address and undefined sanitizers',
        presets: ['asan'],
        jobs: () => testPrograms('asan'),
    },
    {
        name: 'fidelity',
        proves: "what is exchanged with Azure, against Azure's own specifications, storage and schemas",
        presets: ['asan'],
        needs: ['e2e', 'cpp'],
        after: ['clients'],
        prepare: async () => {
            await installNodeModules(join(root, 'tests/fidelity'));
        },
        // Azurite is tried with programs that only the preset for tests has.
        jobs: () => nodeTests('tests/fidelity', /\.test\.mjs$/, { AML_BIN_DIR: join(root, 'build/asan/bin') }),
    },
    {
        name: 'sanitized',
        proves: 'the same as e2e, of the sanitized programs',
        presets: ['asan'],
        jobs: () =>
            nodeTests('tests/e2e', /\.test\.mjs$/, {
                // Its exchanges are those of e2e, which fidelity may be reading.
                ...unrecorded,
                AML_BIN_DIR: join(root, 'build/asan/bin'),
                // No test expects this code, so that no finding passes for a failure it wants.
                ASAN_OPTIONS: 'exitcode=86',
                LSAN_OPTIONS: `suppressions=${join(root, 'tests/support/leaks.txt')}:print_suppressions=0`,
            }),
    },
    {
        name: 'package',
        proves: 'the packaged programs run where nothing is installed',
        presets: [],
        prepare: makePackage,
        jobs: () => nodeTests('tests/vscode', /^package\.test\.mjs$/),
    },
    {
        name: 'platforms',
        proves: 'every package in build/: the form of its programs, and that they run wherever this machine can run them',
        presets: [],
        jobs: () => nodeTests('tests/platforms', /\.test\.mjs$/, unrecorded),
    },
    {
        name: 'tidy',
        proves: 'layers, await rule, sizes, generated files, formatting, versions',
        presets: [],
        jobs: () => nodeTests('tests/tidy', /^check_.*\.mjs$/),
    },
    {
        name: 'client',
        proves: 'the models of the VS Code client',
        presets: [],
        prepare: bundleClientTests,
        jobs: () => nodeTests('build/client-test', /\.test\.cjs$/),
    },
    {
        name: 'webview',
        proves: 'the pages of the VS Code client in a browser, in every kind of theme',
        presets: [],
        prepare: bundleClientTests,
        jobs: () => nodeTests('tests/webview', /\.test\.mjs$/),
    },
];

/** @type {Promise<void> | undefined} */
let packaging;

/** Makes this machine's package, once. */
function makePackage() {
    packaging ??= run('node', ['.ci/package.mjs']);
    return packaging;
}

/** @type {Promise<void> | undefined} */
let bundling;

/** Bundles the client's tests and its pages, once. */
function bundleClientTests() {
    bundling ??= run('node', ['client-ts/esbuild.mjs', '--tests']);
    return bundling;
}

await script(async () => {
    const started = Date.now();
    const chosen = choose(process.argv.slice(2));
    rmSync(records, { recursive: true, force: true });
    mkdirSync(clientRecords, { recursive: true });
    process.env['AML_RECORD_DIR'] = records;
    const presets = new Set(chosen.flatMap((suite) => suite.presets));
    for (const preset of presets) await run('node', ['.ci/build.mjs', preset]);
    const total = await runSideBySide(chosen);
    say(`All suites ended after ${elapsed(started)}.`);
    // Once more where whoever sees only the end of the output finds them.
    if (total.failures.length > 0) process.stdout.write(`What failed:\n${total.failures.join('')}`);
    process.stdout.write(`${summary(total)}\n`);
    if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
});

/**
 * @typedef {{ suite: Suite, waiting: import('./suites.mjs').Job[], running: number, outcome: import('./suites.mjs').Outcome, started: number }} Progress
 */

/**
 * Runs the jobs of all suites, as many at a time as there are cores.
 * @param {readonly Suite[]} chosen
 * @returns {Promise<import('./suites.mjs').Outcome>}
 */
async function runSideBySide(chosen) {
    /** @type {Progress[]} */
    const all = [];
    for (const suite of chosen) all.push(await begin(suite));
    const total = outcomeOf();
    const isOver = (/** @type {Progress} */ { waiting, running }) => waiting.length === 0 && running === 0;
    const isOpen = ({ suite, waiting, running }) =>
        waiting.length > 0 &&
        running < (suite.most ?? Infinity) &&
        all.every((other) => isOver(other) || ![...(suite.needs ?? []), ...(suite.after ?? [])].includes(other.suite.name));
    /** @type {Set<Promise<void>>} */
    const busy = new Set();
    while (!all.every(isOver)) {
        const next = all.find(isOpen);
        if (next && busy.size < availableParallelism()) {
            const job = work(next).then(() => {
                busy.delete(job);
                if (!isOver(next)) return;
                add(total, next.outcome);
                say(`${next.suite.name}: ${summary(next.outcome)} in ${elapsed(next.started)}`);
            });
            busy.add(job);
        } else {
            await Promise.race(busy);
        }
    }
    await Promise.all(busy);
    return total;
}

/** @param {Suite} suite @returns {Promise<Progress>} */
async function begin(suite) {
    say(`${suite.name}: ${suite.proves}`);
    const progress = { suite, running: 0, outcome: outcomeOf(), started: Date.now() };
    try {
        await suite.prepare?.();
        return { ...progress, waiting: suite.jobs() };
    } catch (error) {
        // The other suites run all the same.
        const message = `${suite.name}: ${/** @type {Error} */ (error).message}`;
        return { ...progress, waiting: [{ name: suite.name, run: async () => failure(message) }] };
    }
}

/** Runs the next job of a suite. @param {Progress} progress */
async function work(progress) {
    const job = progress.waiting.shift();
    if (!job) return;
    progress.running += 1;
    add(progress.outcome, await job.run());
    progress.running -= 1;
}

/** @param {readonly string[]} names */
function choose(names) {
    const unknown = names.find((name) => !suites.some((suite) => suite.name === name));
    if (unknown !== undefined) {
        const known = suites.map((suite) => suite.name).join(', ');
        throw new Failure(`There is no test suite '${unknown}'; there are: ${known}.`);
    }
    if (names.length === 0) return suites;
    const needed = suites.filter(({ name }) => names.includes(name)).flatMap(({ needs = [] }) => needs);
    return suites.filter(({ name }) => names.includes(name) || needed.includes(name));
}

/** @param {import('./suites.mjs').Outcome} outcome */
function summary({ passed, failed, skipped }) {
    const counts = `${passed} passed, ${failed} failed`;
    return skipped > 0 ? `${counts}, ${skipped} skipped` : counts;
}
