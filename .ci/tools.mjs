// @ts-check
// What the scripts of this folder share: the repository's root, running programs, plain messages.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A failure whose message is all the user needs; reported without a stack trace. */
export class Failure extends Error {}

/** @param {string} message */
export function say(message) {
    process.stdout.write(`==> ${message}\n`);
}

/** @param {number} since milliseconds, from `Date.now()` */
export function elapsed(since) {
    const seconds = Math.round((Date.now() - since) / 1000);
    return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Runs a program, in the repository's root unless told otherwise, with its output on the terminal; throws Failure when it
 * does not succeed.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 */
export async function run(program, args, options = {}) {
    say([program, ...args].join(' '));
    const env = { ...process.env, ...options.env };
    const child = spawn(program, args, { cwd: options.cwd ?? root, stdio: 'inherit', env });
    /** @type {number | string} */
    const outcome = await new Promise((resolve) => {
        child.on('error', (error) => resolve(error.message));
        child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
    if (outcome !== 0) throw new Failure(`${program} failed (${outcome}); its output is above.`);
}

/**
 * The standard output of a short program, or nothing when it is missing or fails.
 * @param {string} program
 * @param {readonly string[]} args
 */
export function output(program, args) {
    const result = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
    return result.status === 0 ? result.stdout : undefined;
}

/** @param {string} program */
export function isInstalled(program) {
    return output('sh', ['-c', `command -v "${program}"`]) !== undefined;
}

/**
 * Installs the npm packages that a folder's lock file pins, unless they are there.
 * @param {string} folder
 * @returns {Promise<boolean>} whether anything was installed
 */
export async function installNodeModules(folder) {
    const lock = join(folder, 'package-lock.json');
    if (!existsSync(lock)) return false;
    const key = createHash('sha256').update(process.version).update(readFileSync(lock)).digest('hex');
    // The stamp lies inside what it describes, so that deleting node_modules deletes it too.
    const stamp = join(folder, 'node_modules', '.set-up-for');
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return false;
    await run('npm', ['ci', '--no-progress'], { cwd: folder });
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, key);
    return true;
}

/**
 * Runs a script's `main`, and ends the process with 1 and a clear line when it fails.
 * @param {() => Promise<void>} main
 */
export async function script(main) {
    try {
        await main();
    } catch (error) {
        const text = error instanceof Failure ? error.message : error?.stack;
        process.stderr.write(`\nerror: ${text}\n`);
        process.exitCode = 1;
    }
}
