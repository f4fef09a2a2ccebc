// @ts-check
// How the check of a run configuration grows with its wrong references: in step with them.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { LanguageClient } from '../support/language_client.mjs';
import { binaries } from '../support/processes.mjs';
import { percentile, timed } from './measure.mjs';

const counts = [5_000, 10_000, 20_000, 40_000];
const repetitions = 7;
const wrongs = { 'that are never closed': '${{inputs.', 'to no input': '${{inputs.y}} ' };

/** @param {string} wrong @param {number} count */
function configuration(wrong, count) {
    const environment = 'azureml:sklearn:1';
    return JSON.stringify({ type: 'command', environment, inputs: { x: 1 }, command: `echo ${wrong.repeat(count)}` });
}

/** @returns {Promise<import('./bench.mjs').Measurement[]>} */
export async function measureReferences() {
    const folder = mkdtempSync(join(tmpdir(), 'aml-bench-'));
    const client = new LanguageClient({ command: [join(binaries, 'aml'), 'serve', '--stdio'], cwd: folder });
    await client.initialize({ stateDirectory: join(folder, 'state') });
    let opened = 0;

    /** Opens a document and waits for its problems. @param {string} text */
    const check = async (text) => {
        const uri = pathToFileURL(join(folder, `${opened++}.job.json`)).href;
        client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'json', version: 1, text } });
        await client.notified('textDocument/publishDiagnostics', (params) => params.uri === uri);
        client.notify('textDocument/didClose', { textDocument: { uri } });
    };

    const measurements = [];
    for (const [what, wrong] of Object.entries(wrongs)) {
        const medians = [];
        for (const count of counts) {
            const text = configuration(wrong, count);
            const times = [];
            for (let round = 0; round < repetitions; round += 1) times.push((await timed(() => check(text)))[1]);
            const value = percentile(times, 0.5);
            medians.push(value);
            measurements.push({ what: `check, ${count} references ${what}`, value, unit: 'ms' });
        }
        const growth = (medians.at(-1) ?? Number.NaN) / (medians[0] ?? Number.NaN);
        const times = (counts.at(-1) ?? Number.NaN) / (counts[0] ?? Number.NaN);
        // In step is 8 times as long, and in the square of it 64 times.
        measurements.push({ what: `the last against the first, ${times} times as many`, value: growth, unit: 'x', limit: 2 * times });
    }
    await client.program.kill();
    rmSync(folder, { recursive: true, force: true });
    return measurements;
}
