// @ts-check
// Submitting 1 GB in 20,000 files: memory, time, and whether the server still listens.

import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { Project } from '../support/project.mjs';
import { residentMegabytes, timed, watchDuring } from './measure.mjs';

const folders = 100;
const filesPerFolder = 200;
const fileSize = 50_000;

/** @param {Project} project */
function fill(project) {
    // So much data is asked about, unless a rule keeps it.
    project.write('.amlignore', '!data/\n');
    for (let folder = 0; folder < folders; folder += 1) {
        mkdirSync(project.path(`data/${folder}`), { recursive: true });
        for (let file = 0; file < filesPerFolder; file += 1) {
            writeFileSync(project.path(`data/${folder}/${file}.bin`), randomBytes(fileSize));
        }
    }
}

/** @returns {Promise<import('./bench.mjs').Measurement[]>} */
export async function measureUpload() {
    const emulator = await Emulator.start();
    const project = new Project(emulator).bind();
    project.script('train.py', 'print("small script, large folder")\n');
    fill(project);
    const uri = pathToFileURL(project.path('train.job.json')).href;
    const submit = { command: 'azureml.submit', arguments: [uri] };
    const client = new LanguageClient({ env: project.environment });
    await client.initialize({ stateDirectory: project.stateFolder });
    const before = residentMegabytes(client);

    const submitting = timed(() => client.request('workspace/executeCommand', submit));
    const meanwhile = await watchDuring(client, submitting);
    const [, time] = await submitting;

    // Again with one more file, so that everything is sent once more, and stopped in the middle.
    project.write('more.txt', 'more');
    const again = client.start('workspace/executeCommand', { ...submit, workDoneToken: 'again' });
    await client.notified(
        '$/progress',
        ({ token, value }) => token === 'again' && /upload/i.test(value.message ?? ''),
        600_000,
    );
    const [, cancelled] = await timed(async () => {
        again.cancel();
        await again.result.then(
            () => Promise.reject(new Error('It was submitted before it could be cancelled.')),
            () => {},
        );
    });
    await client.shutDown();
    project.remove();
    await emulator.stop();
    return [
        { what: 'hash, upload and submit 20,000 files, 1 GB', value: time / 1000, unit: 's' },
        { what: 'resident memory before', value: before, unit: 'MB' },
        { what: 'most resident memory meanwhile', value: meanwhile.memory, unit: 'MB', limit: 100 },
        { what: 'slowest other answer meanwhile', value: meanwhile.slowest, unit: 'ms', limit: 100 },
        { what: '$/cancelRequest during the upload to its answer', value: cancelled, unit: 'ms', limit: 100 },
    ];
}
