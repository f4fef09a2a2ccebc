// @ts-check
// usage: node .ci/test.mjs [SUITE...]        (`npm test -- SUITE...`)
// Builds what the suites need and runs them, all of them unless some are named, each with those that
// it builds on. What failed is printed again at the end; the last line is "N passed, N failed" (with ", N skipped"
// when there are any), and the exit code is 0 when none failed.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { installClients } from '../tests/clients/install.mjs';
import { elapsed, Failure, installNodeModules, root, run, say, script } from './tools.mjs';
import { add, outcomeOf, runNodeTests, runPrograms } from './suites.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} proves
 * @property {readonly string[]} presets CMake presets that must be built first
 * @property {readonly string[]} [needs] suites whose traces this one reads, so they run before it
 * @property {() => Promise<import('./suites.mjs').Outcome>} run
 */

let packaged = false;

/** @type {readonly Suite[]} */
const suites = [
    {
        name: 'tidy',
        proves: 'layers, await rule, sizes, generated files, formatting, versions',
        presets: [],
        run: () => runNodeTests('tests/tidy', /^check_.*\.mjs$/),
    },
    {
        name: 'client',
        proves: 'the models of the VS Code client',
        presets: [],
        run: async () => {
            await run('node', ['client-ts/esbuild.mjs', '--tests']);
            return runNodeTests('build/client-test', /\.test\.cjs$/);
        },
    },
    {
        name: 'e2e',
        proves: 'the programs against each other: sessions, bad input, crashes, faults',
        presets: ['release'],
        run: () => runNodeTests('tests/e2e', /\.test\.mjs$/),
    },
    {
        name: 'storm',
        proves: 'hundreds of submissions while everything fails: each is one run or one clear error',
        presets: ['release'],
        // A storm says little of fidelity, and a lot: its record would be the largest of all.
        run: () => runNodeTests('tests/storm', /\.test\.mjs$/, { env: { AML_RECORD_DIR: '' } }),
    },
    {
        name: 'clients',
        proves: "Microsoft's and MLflow's own clients, unmodified, against the emulator",
        presets: ['release'],
        run: async () => {
            // Before the tests, whose deadlines count no download.
            try {
                installClients();
            } catch (error) {
                const said = `  ✖ ${/** @type {Error} */ (error).message}\n`;
                process.stdout.write(said);
                return outcomeOf({ failed: 1, failures: [said] });
            }
            // What they send is their own affair, so `fidelity` does not look at it.
            return runNodeTests('tests/clients', /\.test\.mjs$/, { env: { AML_RECORD_DIR: '' } });
        },
    },
    {
        name: 'cpp',
        proves: 'units, protocol and transcripts under the address and undefined sanitizers',
        presets: ['asan'],
        run: () => runPrograms('asan'),
    },
    {
        name: 'sanitized',
        proves: 'the same as e2e, of the sanitized programs',
        presets: ['asan'],
        run: () =>
            runNodeTests('tests/e2e', /\.test\.mjs$/, {
                env: {
                    AML_BIN_DIR: join(root, 'build/asan/bin'),
                    // No test expects this code, so that no finding passes for a failure it wants.
                    ASAN_OPTIONS: 'exitcode=86',
                    LSAN_OPTIONS: `suppressions=${join(root, 'tests/support/leaks.txt')}:print_suppressions=0`,
                },
            }),
    },
    {
        name: 'package',
        proves: 'the packaged programs run where nothing is installed',
        presets: ['release'],
        run: async () => {
            await makePackage();
            return runNodeTests('tests/vscode', /^package\.test\.mjs$/);
        },
    },
    {
        name: 'vscode',
        proves: 'the packaged extension in a real VS Code, newest and oldest, as a person uses it',
        presets: ['release'],
        run: async () => {
            await makePackage();
            await run('node', ['tests/vscode/install.mjs']);
            return runNodeTests('tests/vscode', /^(?!package).*\.test\.mjs$/);
        },
    },
    {
        name: 'fidelity',
        proves: "what is exchanged with Azure, against Azure's own specifications, storage and schemas",
        presets: ['asan'],
        needs: ['e2e', 'cpp'],
        run: async () => {
            await installNodeModules(join(root, 'tests/fidelity'));
            // Azurite is tried with programs that only the preset for tests has.
            const env = { AML_BIN_DIR: join(root, 'build/asan/bin') };
            return runNodeTests('tests/fidelity', /\.test\.mjs$/, { env });
        },
    },
];

/** Where every suite's emulators record what is exchanged with them, for `fidelity`. */
const records = join(root, 'build/exchanges');

await script(async () => {
    const started = Date.now();
    const chosen = choose(process.argv.slice(2));
    const total = outcomeOf();
    rmSync(records, { recursive: true, force: true });
    mkdirSync(records, { recursive: true });
    process.env['AML_RECORD_DIR'] = records;
    const built = new Set();
    for (const suite of chosen) {
        for (const preset of suite.presets) {
            if (built.has(preset)) continue;
            await run('node', ['.ci/build.mjs', preset]);
            built.add(preset);
        }
        const suiteStarted = Date.now();
        say(`${suite.name}: ${suite.proves}`);
        const outcome = await suite.run();
        add(total, outcome);
        say(`${suite.name}: ${summary(outcome)} in ${elapsed(suiteStarted)}`);
    }
    say(`All suites ended after ${elapsed(started)}.`);
    // Once more where whoever sees only the end of the output finds them.
    if (total.failures.length > 0) process.stdout.write(`What failed:\n${total.failures.join('')}`);
    process.stdout.write(`${summary(total)}\n`);
    if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
});

async function makePackage() {
    if (!packaged) await run('node', ['.ci/package.mjs']);
    packaged = true;
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
