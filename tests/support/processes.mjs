// @ts-check
// Starting the project's programs from tests, demo and benchmarks, and reading what they say.

import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where the programs under test are: the release build, unless AML_BIN_DIR names another folder. */
export const binaries = resolve(process.env['AML_BIN_DIR'] ?? join(root, 'build', 'release', 'bin'));

/** The processes of this test run that have not ended; whatever goes wrong, none is left behind. */
const running = new Set();
process.on('exit', killWhatRuns);

/** Kills every program that is still running; for the end of a test file, failed tests included. */
export function killWhatRuns() {
    for (const child of running) child.kill('SIGKILL');
}

/**
 * @typedef {object} Ended
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 * @property {string} stdout
 * @property {string} stderr
 */

/** A running program, whose output is kept and can be waited for. */
export class Program {
    stdout = '';
    stderr = '';
    /** @type {Set<() => void>} */
    #listeners = new Set();
    #ended = false;

    /**
     * @param {string} file
     * @param {readonly string[]} args
     * @param {import('node:child_process').SpawnOptions} [options]
     * @param {(bytes: Buffer) => void} [onBytes] gets standard output instead of `stdout`
     */
    constructor(file, args, options = {}, onBytes = undefined) {
        this.name = [file.split('/').at(-1), ...args].join(' ');
        this.child = spawn(file, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
        running.add(this.child);
        // A program that ends while it is written to is told by its exit, not by a broken pipe.
        this.child.stdin.on('error', () => {});
        if (onBytes !== undefined) {
            this.child.stdout.on('data', onBytes);
        } else {
            this.child.stdout.setEncoding('utf8').on('data', (text) => {
                this.stdout += text;
                this.#tell();
            });
        }
        this.child.stderr.setEncoding('utf8').on('data', (text) => {
            this.stderr += text;
            this.#tell();
        });
        /** @type {Promise<Ended>} */
        this.ended = new Promise((resolve, reject) => {
            this.child.on('error', reject);
            this.child.on('close', (code, signal) => {
                running.delete(this.child);
                this.#ended = true;
                this.#tell();
                resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
            });
        });
        // Whoever waits for the end gets the failure; the rest need not.
        this.ended.catch(() => {});
    }

    #tell() {
        for (const listener of this.#listeners) listener();
    }

    /**
     * The first match of `pattern` in the output so far or to come.
     * @param {RegExp} pattern
     * @param {'stdout' | 'stderr'} stream
     * @param {number} timeoutMs
     * @returns {Promise<RegExpMatchArray>}
     */
    async output(pattern, stream = 'stdout', timeoutMs = 180_000) {
        return this.#wait(
            () => this[stream].match(pattern) ?? undefined,
            timeoutMs,
            () => `${this.name} has not printed ${pattern}`,
        );
    }

    /**
     * @template T
     * @param {() => T | undefined} look
     * @param {number} timeoutMs
     * @param {() => string} complaint
     * @returns {Promise<T>}
     */
    #wait(look, timeoutMs, complaint) {
        return new Promise((resolve, reject) => {
            const fail = (/** @type {string} */ why) => {
                stop();
                const said = `stdout: ${this.stdout.slice(-2000)}\nstderr: ${this.stderr.slice(-4000)}`;
                reject(new Error(`${complaint()} ${why}\n${said}`));
            };
            const timer = setTimeout(() => fail(`within ${timeoutMs} ms`), timeoutMs);
            const check = () => {
                const found = look();
                if (found !== undefined) {
                    stop();
                    resolve(found);
                } else if (this.#ended) {
                    fail('and has ended');
                }
            };
            const stop = () => {
                clearTimeout(timer);
                this.#listeners.delete(check);
            };
            this.#listeners.add(check);
            check();
        });
    }

    /** @param {NodeJS.Signals} signal */
    async kill(signal = 'SIGKILL') {
        this.child.kill(signal);
        return this.ended;
    }
}

/**
 * Waits until `look` gives something, for conditions that no event tells of.
 * @template T
 * @param {() => T | undefined | false | null | Promise<T | undefined | false | null>} look
 * @param {string} what
 * @param {number} timeoutMs
 * @returns {Promise<T>}
 */
export async function until(look, what, timeoutMs = 180_000) {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
        const found = await look();
        if (found !== undefined && found !== false && found !== null) return found;
        if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

/**
 * The resident memory of a process in bytes.
 * @param {string} statusFile contents of /proc/PID/status
 */
export function residentBytes(statusFile) {
    return Number(statusFile.match(/^VmRSS:\s+(\d+) kB/m)?.[1] ?? Number.NaN) * 1024;
}
