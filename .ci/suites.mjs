// @ts-check
// How each kind of test is run and counted.

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run as runTests } from 'node:test';

import { Failure, output, root } from './tools.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Outcome what `failures` say is printed already */

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

// Longer than any honest test program; a hang must not hold up the rest for ever.
const programTimeoutMs = 10 * 60 * 1000;

/**
 * Runs the node:test files of `folder` whose names match, two at a time, and prints each test.
 * @param {string} folder
 * @param {RegExp} names
 * @param {{ env?: Record<string, string>, concurrency?: number }} [options]
 * @returns {Promise<Outcome>}
 */
export async function runNodeTests(folder, names, options = {}) {
    const files = readdirSync(join(root, folder))
        .filter((name) => names.test(name))
        .sort()
        .map((name) => join(root, folder, name));
    if (files.length === 0) throw new Failure(`${folder} has no test file.`);
    const outcome = outcomeOf();
    const before = { ...process.env };
    // The test processes inherit it; there is no other way to hand it to them.
    // Their programs speak English, whatever the machine does.
    Object.assign(process.env, { LC_ALL: 'C.UTF-8' }, options.env);
    const queue = files.values();
    const work = async () => {
        for (const file of queue) await runNodeTest(file, outcome);
    };
    await Promise.all(Array.from({ length: options.concurrency ?? 2 }, work));
    process.env = before;
    return outcome;
}

/**
 * Runs one file by itself: an event names the file that declares its test, which may be a helper's.
 * @param {string} file
 * @param {Outcome} outcome
 */
async function runNodeTest(file, outcome) {
    for await (const { type, data } of runTests({ files: [file] })) {
        if (type === 'test:stderr') process.stderr.write(data.message);
        if (type === 'test:stdout') process.stdout.write(data.message);
        if (type !== 'test:pass' && type !== 'test:fail') continue;
        // A suite is the sum of its tests; it counts by itself only when it has failed without them.
        const { details } = data;
        if (details.type === 'suite' && !failedByItself(details)) continue;
        const label = `${relative(root, file)}: ${data.name}`;
        report(outcome, type === 'test:pass' ? verdict(data) : 'failed', label, details);
    }
}

/** @param {{ skip?: string | boolean, todo?: string | boolean }} data */
function verdict({ skip, todo }) {
    return skip || todo ? 'skipped' : 'passed';
}

/** @param {{ error?: Error }} details */
function failedByItself({ error }) {
    return error !== undefined && /** @type {any} */ (error).failureType !== 'subtestsFailed';
}

/**
 * Runs the test programs that CTest knows for a CMake preset. A doctest program counts as many
 * tests as it has test cases, any other program as one.
 * @param {string} preset
 * @returns {Promise<Outcome>}
 */
export async function runPrograms(preset) {
    const listing = output('ctest', ['--preset', preset, '--show-only=json-v1']);
    if (listing === undefined) throw new Failure(`ctest cannot list the tests of ${preset}.`);
    const { tests } = JSON.parse(listing);
    const outcome = outcomeOf();
    for (const test of tests) {
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
        add(outcome, {
            passed,
            // A sanitizer or a crash may end the program after its tests: that is a failure too.
            failed: failed === 0 && code !== 0 ? 1 : failed,
            skipped: counts ? Number(counts[3]) : 0,
            failures: code === 0 ? [] : [said],
        });
    }
    return outcome;
}

/** @param {{ properties?: { name: string, value: string }[] }} test */
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

/**
 * @param {Outcome} outcome
 * @param {'passed' | 'failed' | 'skipped'} result
 * @param {string} label
 * @param {{ duration_ms: number, error?: Error }} details
 */
function report(outcome, result, label, { duration_ms, error }) {
    const sign = { passed: '✔', failed: '✖', skipped: '-' }[result];
    const time = duration_ms >= 1000 ? ` (${(duration_ms / 1000).toFixed(1)} s)` : '';
    outcome[result] += 1;
    const line = `  ${sign} ${label}${time}\n`;
    const said = result === 'failed' ? line + explain(error) : line;
    process.stdout.write(said);
    if (result === 'failed') outcome.failures.push(said);
}

/** @param {Error | undefined} error */
function explain(error) {
    const cause = error?.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : error;
    const lines = String(cause).split('\n').filter((line) => !/^\s+at .*node:internal/.test(line));
    return lines.map((line) => `      ${line}\n`).join('');
}
