// @ts-check
// What the benchmarks share.

import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import { residentBytes } from '../support/processes.mjs';

/**
 * @param {readonly number[]} values
 * @param {number} share 0.5 for the median
 */
export function percentile(values, share) {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** @param {import('../support/language_client.mjs').LanguageClient} client */
export function residentMegabytes(client) {
    const { pid } = client.program.child;
    return residentBytes(readFileSync(`/proc/${pid}/status`, 'utf8')) / 1e6;
}

/**
 * Asks the server small questions while `work` goes on: how long the slowest answer took, and how
 * much memory the server used at most.
 * @param {import('../support/language_client.mjs').LanguageClient} client
 * @param {Promise<unknown>} work
 */
export async function watchDuring(client, work) {
    let going = true;
    const ended = work.finally(() => (going = false));
    ended.catch(() => {});
    let slowest = 0;
    let memory = 0;
    while (going) {
        const asked = performance.now();
        await client.request('auth/status');
        slowest = Math.max(slowest, performance.now() - asked);
        memory = Math.max(memory, residentMegabytes(client));
        await pause(10);
    }
    await ended;
    return { slowest, memory };
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<[T, number]>} the result and the milliseconds it took
 */
export async function timed(work) {
    const started = performance.now();
    const result = await work();
    return [result, performance.now() - started];
}
