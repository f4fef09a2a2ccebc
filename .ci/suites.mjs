// @ts-check
// How each kind of test is run and counted.

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Failure, output, root } from './tools.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Outcome what `failures` say is printed already */

/**
 * A part of a suite that runs by itself, beside others.
 * @typedef {{ name: string, run: () => Promise<Outcome> }} Job
 */

/** @param {Partial<Outcome>} [known] @returns {Outcome} */
export function outcomeOf(known) {
    return { passed: 0, failed: 0, skipped: 0, failures: [], ...known };
}

/** Adds what a part of the tests has come to. @param {Outcome} total @param {Outcome} part */
export function add(total, part) {
    total.passed += part.passed;
    total.failed += part.failed;
    total.skipped += part.skipped;
    total.failures.push(...part.failures);
}

/** A failure that is no test's, such as a download that fails. @param {string} message @returns {Outcome} */
export function failure(message) {
    const said = `  ✖ ${message}\n`;
    process.stdout.write(said);
    return outcomeOf({ failed: 1, failures: [said] });
}

// Longer than any honest test program; a hang must not hold up the rest for ever.
const programTimeoutMs = 10 * 60 * 1000;

/**
 * The node:test files of `folder` whose names match, a job each.
 * @param {string} folder
 * @param {RegExp} names
 * @param {Record<string, string>} [env] what the tests find in their environment besides what is there
 * @returns {Job[]}
 */
export function nodeTests(folder, names, env = {}) {
    const files = readdirSync(join(root, folder)).filter((name) => names.test(name)).sort();
    if (files.length === 0) throw new Failure(`${folder} has no test file.`);
    return files.map((name) => ({ name: join(folder, name), run: () => runNodeTest(join(root, folder, name), env) }));
}

/** @param {string} file @param {Record<string, string>} env @returns {Promise<Outcome>} */
async function runNodeTest(file, env) {
    const outcome = outcomeOf();
    // Windows takes a path with a drive for an address.
    const reporter = pathToFileURL(join(root, '.ci/reporter.mjs')).href;
    // Programs under test speak English, whatever the machine does.
    const child = spawn(process.execPath, ['--test', `--test-reporter=${reporter}`, file], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
    });
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) report(outcome, relative(root, file), JSON.parse(line));
    });
    /** @type {number | string} */
    const code = await new Promise((resolve) => {
        child.on('error', (error) => resolve(error.message));
        child.on('close', (status, signal) => resolve(status ?? signal ?? 'unknown'));
    });
    const ended = code === 0 || outcome.failed > 0;
    if (!ended) add(outcome, failure(`${relative(root, file)} ended with ${code} and no result`));
    return outcome;
}

/**
 * @param {Outcome} outcome
 * @param {string} file
 * @param {import('./reporter.mjs').Result} test
 */
function report(outcome, file, { result, name, milliseconds, reason }) {
    const sign = { passed: '✔', failed: '✖', skipped: '-' }[result];
    const time = milliseconds >= 1000 ? ` (${(milliseconds / 1000).toFixed(1)} s)` : '';
    const why = reason === undefined ? '' : reason.replace(/^/gm, '      ') + '\n';
    const said = `  ${sign} ${file}: ${name}${time}\n${why}`;
    process.stdout.write(said);
    outcome[result] += 1;
    if (result === 'failed') outcome.failures.push(said);
}

/**
 * The test programs that CTest knows for a CMake preset, a job each.
 * @param {string} preset
 * @returns {Job[]}
 */
export function testPrograms(preset) {
    const listing = output('ctest', ['--preset', preset, '--show-only=json-v1']);
    if (listing === undefined) throw new Failure(`ctest cannot list the tests of ${preset}.`);
    /** @type {{ tests: Program[] }} */
    const { tests } = JSON.parse(listing);
    return tests.map((test) => ({ name: test.name, run: () => runProgram(test) }));
}

/** @typedef {{ name: string, command: string[], properties?: { name: string, value: string }[] }} Program */

/**
 * A doctest program counts as many tests as it has test cases, any other program as one.
 * @param {Program} test
 * @returns {Promise<Outcome>}
 */
async function runProgram(test) {
    const started = Date.now();
    const { code, text } = await capture(test.command, workingDirectory(test));
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    const counts = text.match(/test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed \|\s*(\d+) skipped/);
    const passed = counts ? Number(counts[1]) : Number(code === 0);
    const failed = counts ? Number(counts[2]) : Number(code !== 0);
    const sign = code === 0 ? '✔' : '✖';
    const line = `  ${sign} ${test.name}: ${passed} passed, ${failed} failed (${seconds} s)\n`;
    const said = code === 0 ? line : `${line}${text}\n    exit: ${code}\n`;
    process.stdout.write(said);
    return outcomeOf({
        passed,
        // A sanitizer or a crash may end the program after its tests: that is a failure too.
        failed: failed === 0 && code !== 0 ? 1 : failed,
        skipped: counts ? Number(counts[3]) : 0,
        failures: code === 0 ? [] : [said],
    });
}

/** @param {Program} test */
function workingDirectory(test) {
    return test.properties?.find(({ name }) => name === 'WORKING_DIRECTORY')?.value ?? root;
}

/**
 * @param {readonly string[]} command
 * @param {string} cwd
 * @returns {Promise<{ code: number | string, text: string }>}
 */
function capture([program = '', ...args], cwd) {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const timer = setTimeout(() => {
        text += `\nStopped: not finished after ${programTimeoutMs / 1000} s.\n`;
        child.kill('SIGKILL');
    }, programTimeoutMs);
    for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    }
    return new Promise((resolve) => {
        child.on('error', (error) => resolve({ code: error.message, text }));
        child.on('close', (code, signal) => resolve({ code: code ?? signal ?? 'unknown', text }));
    }).finally(() => clearTimeout(timer));
}
