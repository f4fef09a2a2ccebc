// @ts-check
// A run repeated with changes: its configuration as a document beside the code, compared with what was submitted.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

/** A run of a project, and an editor with the folder open. @param {Record<string, unknown>} [changes] */
async function submitted(changes = {}) {
    const emulator = await Emulator.start({ args: ['--node-start', '50'] });
    const project = new Project(emulator).bind();
    project.script('train.py', 'print("one")\n', {
        command: 'python train.py --rate ${{inputs.rate}}',
        inputs: { rate: 0.1 },
        tags: { owner: 'me' },
        limits: { timeout: 3600 },
        ...changes,
    });
    const client = new LanguageClient({ env: project.environment, cwd: project.folder });
    client.on('window/showDocument', () => ({ success: true }));
    /** @type {any[]} */
    const shown = [];
    client.on('ui/showChanges', (params) => {
        shown.push(params);
        return null;
    });
    await client.initialize({ stateDirectory: join(project.base, 'editor') });
    const execute = (/** @type {string} */ command, /** @type {unknown[]} */ ...args) =>
        client.request('workspace/executeCommand', { command, arguments: args });
    const run = await execute('azureml.submit', pathToFileURL(project.path('train.job.json')).href);
    const id = `${emulator.workspaceId}/jobs/${run.name}`;
    const path = `.azureml/${run.name}.job.json`;
    const end = async () => {
        await client.shutDown();
        project.remove();
        await emulator.stop();
    };
    return { emulator, project, client, shown, execute, run, id, path, end };
}

test('the configuration of a run is edited, compared with what was submitted, and submitted', async () => {
    const { emulator, project, client, shown, execute, run, id, path, end } = await submitted();
    const document = pathToFileURL(project.path(path)).href;
    assert.equal(await execute('azureml.run.repeatWithChanges', id), document);
    const text = project.read(path);
    const configuration = JSON.parse(text);
    assert.match(configuration.environment, /^azureml:CliV2AnonymousEnvironment:[0-9a-f]+$/);
    delete configuration.environment;
    assert.deepEqual(configuration, {
        $schema: 'https://azuremlschemas.azureedge.net/latest/commandJob.schema.json',
        type: 'command',
        experiment_name: 'e2e',
        display_name: 'train',
        compute: 'azureml:cpu-cluster',
        code: '..',
        command: 'python train.py --rate ${{inputs.rate}}',
        tags: { owner: 'me' },
        inputs: { rate: 0.1 },
        limits: { timeout: 3600 },
        resources: { instance_count: 1, shm_size: '2g' },
    });
    assert.equal(shown[0].title, 'Changes to train');
    assert.deepEqual([shown[0].files.length, shown[0].files[0].right], [1, document]);
    const original = await client.request('runs/document', { uri: shown[0].files[0].left });
    assert.equal(original.text, text, 'nothing is changed yet');

    // What was typed is not lost when it is asked for again, and the lens finds the way back.
    project.write(path, text.replace('0.1', '0.5'));
    client.notify('textDocument/didOpen', {
        textDocument: { uri: document, languageId: 'json', version: 1, text: project.read(path) },
    });
    const lenses = await client.request('textDocument/codeLens', { textDocument: { uri: document } });
    const { title, command, arguments: args } = lenses.at(-1).command;
    assert.equal(title, `Changes to ${run.name}`);
    await execute(command, args[0], document, args[1]);
    assert.equal(shown[1].files[0].right, document);
    assert.match(project.read(path), /"rate": 0\.5/);

    const again = await execute('azureml.submit', document);
    const job = (await emulator.arm('GET', `${emulator.workspaceId}/jobs/${again.name}`)).body.properties;
    assert.deepEqual(job.inputs.rate.value, '0.5');
    const first = (await emulator.arm('GET', id)).body.properties;
    assert.equal(job.environmentId, first.environmentId);
    const compared = await client.request('runs/compare', { left: id, right: id.replace(run.name, again.name) });
    // The service goes on writing into jobs, and the code has one file more.
    const asked = /^(command|inputs|outputs|environment|compute|distribution|limits|resources|displayName|tags\.owner)/;
    const keys = compared.differences.map((/** @type {any} */ { key }) => key);
    assert.deepEqual(keys.filter((/** @type {string} */ key) => asked.test(key)), ['inputs.rate.value']);
    await end();
});

test('whoever repeats a run is told when the code is another by now', async () => {
    const { project, client, shown, execute, id, end } = await submitted();
    project.write('train.py', 'print("two")\n');
    client.on('window/showMessageRequest', ({ message, actions }) =>
        /differs from that of/.test(message) ? actions[0] : null,
    );
    await execute('azureml.run.repeatWithChanges', id);
    const asked = await client.asked('window/showMessageRequest', ({ message }) => /differs from that of/.test(message));
    assert.equal(asked.message, 'The code in project differs from that of train in 1 file.');
    assert.deepEqual(asked.actions.map((/** @type {any} */ action) => action.title), ['Compare code', 'Restore code…']);
    await client.asked('ui/showChanges', ({ title }) => title === 'Code of train and project');
    assert.ok(shown.at(-1).files.some((/** @type {any} */ file) => file.path === 'train.py'));
    await end();
});

test('a run that cannot be repeated says why', async () => {
    const { emulator, project, client, execute, id, end } = await submitted();
    await assert.rejects(execute('azureml.run.repeatWithChanges', `${id}_none`), /no run|There is/);
    await assert.rejects(execute('azureml.run.repeatWithChanges', 'nonsense'), /the id of a run/);
    // Of a run that was not submitted from here, nobody knows the folder: it is asked for.
    const seeded = new LanguageClient({ env: project.environment, cwd: project.folder });
    seeded.on('ui/pickFolder', () => ({}));
    await seeded.initialize({ stateDirectory: join(project.base, 'other') });
    const repeat = { command: 'azureml.run.repeatWithChanges', arguments: [id] };
    assert.equal(await seeded.request('workspace/executeCommand', repeat), null);
    await seeded.shutDown();
    assert.equal(client.notifications.some(({ params }) => params?.type === 1), false);
    assert.ok(emulator);
    await end();
});
