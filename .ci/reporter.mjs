// @ts-check
// A reporter for `node --test` that prints each result as one line of JSON, for suites.mjs to count and to show.

import { relative } from 'node:path';

import { root } from './tools.mjs';

/**
 * @typedef {object} Result
 * @property {'passed' | 'failed' | 'skipped'} result
 * @property {string} name
 * @property {number} milliseconds
 * @property {string} [reason] why it failed, or was skipped
 */

/** @param {AsyncIterable<any>} events @returns {AsyncGenerator<string>} */
export default async function* report(events) {
    for await (const { type, data } of events) {
        if (type === 'test:stderr' || type === 'test:stdout') process.stderr.write(data.message);
        if (type !== 'test:pass' && type !== 'test:fail') continue;
        // A suite is the sum of its tests; it counts by itself only when it has failed without them.
        const { details } = data;
        if (details.type === 'suite' && !failedByItself(details)) continue;
        const result = type === 'test:fail' ? 'failed' : data.skip || data.todo ? 'skipped' : 'passed';
        // A file that fails as a whole is named by its path.
        const name = data.name.startsWith(root) ? relative(root, data.name) : data.name;
        const reason = result === 'failed' ? explain(details.error) : typeof data.skip === 'string' ? data.skip : undefined;
        yield `${JSON.stringify({ result, name, milliseconds: details.duration_ms, reason })}\n`;
    }
}

/** @param {{ error?: any }} details */
function failedByItself({ error }) {
    return error !== undefined && error.failureType !== 'subtestsFailed';
}

/** @param {Error | undefined} error */
function explain(error) {
    const cause = error?.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : error;
    return String(cause)
        .split('\n')
        .filter((line) => !/^\s+at .*node:internal/.test(line))
        .join('\n');
}
