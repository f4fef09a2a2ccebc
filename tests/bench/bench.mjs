// @ts-check
// `npm run bench [PART...]`: what the server costs, against limits and against other servers started
// in the same run, and what a person waits for in VS Code. Parts: start, completion, references, loadMore, runs, sweeps, tree,
// upload, small-files, watch, vscode. Exit code 1 when a limit is missed.

import { measureCompletion } from './completion.mjs';
import { measureLoadMore } from './loadMore.mjs';
import { measureReferences } from './references.mjs';
import { measureRuns } from './runs.mjs';
import { measureSmallFiles } from './small_files.mjs';
import { measureStart } from './start.mjs';
import { measureSweeps } from './sweeps.mjs';
import { measureTree } from './tree.mjs';
import { measureUpload } from './upload.mjs';
import { measureVSCode } from './vscode.mjs';
import { measureWatch } from './watch.mjs';

/**
 * @typedef {object} Measurement
 * @property {string} what
 * @property {number} value
 * @property {string} unit
 * @property {number} [limit] the value must stay below it
 */

/** @type {Record<string, () => Promise<Measurement[]>>} */
const parts = {
    start: measureStart,
    completion: measureCompletion,
    references: measureReferences,
    loadMore: measureLoadMore,
    runs: measureRuns,
    sweeps: measureSweeps,
    tree: measureTree,
    upload: measureUpload,
    'small-files': measureSmallFiles,
    watch: measureWatch,
    vscode: measureVSCode,
};

const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in parts));
if (unknown !== undefined) {
    process.stderr.write(`There is no part '${unknown}'; there are: ${Object.keys(parts).join(', ')}.\n`);
    process.exit(2);
}
for (const [name, measure] of Object.entries(parts)) {
    if (names.length > 0 && !names.includes(name)) continue;
    process.stdout.write(`\n${name}\n`);
    for (const { what, value, unit, limit } of await measure()) {
        const missed = limit !== undefined && !(value < limit);
        const verdict = limit === undefined ? '' : `${missed ? '✖' : '✔'} limit ${digits(limit)} ${unit}`;
        process.stdout.write(
            `  ${what.padEnd(64)}${digits(value).padStart(9)} ${unit.padEnd(4)} ${verdict}\n`,
        );
        if (missed) process.exitCode = 1;
    }
}

/** @param {number} value */
function digits(value) {
    return value.toFixed(value < 100 ? 1 : 0);
}
