// @ts-check
// What is fetched or built once for all checkouts of a computer.

import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { elapsed, say } from './tools.mjs';

export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'azureml-experiments');

/**
 * Makes a folder beside its place and moves it there when it is whole, so that nobody finds a part of it.
 * @param {string} folder @param {string} what @param {(made: string) => Promise<void>} make
 */
export async function makeOnce(folder, what, make) {
    if (existsSync(folder)) return;
    const started = Date.now();
    say(`Making ${what} in ${folder}`);
    mkdirSync(dirname(folder), { recursive: true });
    const made = mkdtempSync(`${folder}.`);
    try {
        await make(made);
        // Another process may have been faster.
        if (!existsSync(folder)) renameSync(made, folder);
        say(`Made ${what} in ${elapsed(started)}.`);
    } finally {
        rmSync(made, { recursive: true, force: true });
    }
}
