// @ts-check
// Submitting 1,000 small files that are 80 ms away: they cost latency, not bytes, and so show how many are
// under way at once.

import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { Project } from '../support/project.mjs';
import { timed } from './measure.mjs';

const files = 1000;
const latency = 80;

/**
 * @param {number} count of small files besides the script
 * @returns {Promise<number>} milliseconds
 */
async function submitFrom(count) {
    const emulator = await Emulator.start({ args: ['--latency', String(latency)], recorded: false });
    const project = new Project(emulator).bind();
    project.script('train.py', 'print("small files")\n');
    for (let file = 0; file < count; file += 1) {
        writeFileSync(project.path(`data-${file}.txt`), `${file}\n`.repeat(100));
    }
    const uri = pathToFileURL(project.path('train.job.json')).href;
    const client = new LanguageClient({ env: project.environment });
    await client.initialize({ stateDirectory: project.stateFolder });
    const [, time] = await timed(() =>
        client.request('workspace/executeCommand', { command: 'azureml.submit', arguments: [uri] }),
    );
    await client.shutDown();
    project.remove();
    await emulator.stop();
    return time;
}

/** @returns {Promise<import('./bench.mjs').Measurement[]>} */
export async function measureSmallFiles() {
    const one = await submitFrom(0);
    const many = await submitFrom(files);
    const twice = await submitFrom(2 * files);
    const far = `${latency} ms away`;
    return [
        { what: `submit a script alone, ${far}`, value: one / 1000, unit: 's' },
        { what: `submit it with ${files} small files, ${far}`, value: many / 1000, unit: 's', limit: 4 },
        { what: 'the small files alone', value: (many - one) / 1000, unit: 's', limit: 2 },
        { what: 'twice as many, times as long', value: (twice - one) / (many - one), unit: '×', limit: 2.5 },
    ];
}
