// @ts-check
// How long a completion takes after each key in a long run configuration.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { LanguageClient } from '../support/language_client.mjs';
import { binaries } from '../support/processes.mjs';
import { percentile, timed } from './measure.mjs';

const keys = 200;

/** @param {number} lines about so many lines of a run configuration, and the line where a key is typed */
function configuration(lines) {
    const job = {
        type: 'command',
        command: 'python train.py',
        environment: 'azureml:sklearn:1',
        inputs: Object.fromEntries(
            Array.from({ length: lines / 4 }, (_, index) => [`data_${index}`, { type: 'uri_folder', path: `azureml:d_${index}:1` }]),
        ),
        display_name: 'x',
    };
    const text = JSON.stringify(job, null, 2);
    const line = text.split('\n').findIndex((row) => row.includes('"display_name"'));
    return { text, line };
}

/** @param {number} lines */
async function measure(lines) {
    const folder = mkdtempSync(join(tmpdir(), 'aml-bench-'));
    const file = join(folder, 'train.job.json');
    const { text, line } = configuration(lines);
    writeFileSync(file, text);
    const uri = pathToFileURL(file).href;
    const client = new LanguageClient({ command: [join(binaries, 'aml'), 'serve', '--stdio'], cwd: folder });
    await client.initialize({ stateDirectory: join(folder, 'state') });
    client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'json', version: 1, text } });
    const times = [];
    for (let version = 2; version < keys + 2; version += 1) {
        const character = '  "display_name": "'.length;
        const place = { line, character };
        const [, time] = await timed(async () => {
            client.notify('textDocument/didChange', {
                textDocument: { uri, version },
                contentChanges: [{ range: { start: place, end: place }, text: 'k' }],
            });
            await client.request('textDocument/completion', { textDocument: { uri }, position: { line: 1, character: 2 } });
        });
        times.push(time);
    }
    await client.program.kill();
    rmSync(folder, { recursive: true, force: true });
    return times;
}

/** @returns {Promise<import('./bench.mjs').Measurement[]>} */
export async function measureCompletion() {
    const short = await measure(2_400);
    const long = await measure(24_000);
    const of = (/** @type {number} */ lines) => `key and completion, ${lines} lines, median of ${keys}`;
    return [
        { what: of(2_400), value: percentile(short, 0.5), unit: 'ms', limit: 3 },
        { what: 'the same, 99th percentile', value: percentile(short, 0.99), unit: 'ms' },
        { what: of(24_000), value: percentile(long, 0.5), unit: 'ms', limit: 30 },
        { what: 'the same, 99th percentile', value: percentile(long, 0.99), unit: 'ms' },
    ];
}
