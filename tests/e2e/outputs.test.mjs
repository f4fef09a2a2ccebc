// @ts-check
// The files that a run left: listed, downloaded, gone on with after a cut, and never written over what is there.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

/** Larger than one piece of a download. */
const size = 9_000_000;

const script = `
import hashlib, os
os.makedirs("outputs/deep er", exist_ok=True)
data = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(${size} // 32))
open("outputs/model.bin", "wb").write(data)
open("outputs/deep er/empty.txt", "w").close()
print(hashlib.sha256(data).hexdigest())
`;

/** A project whose run has left its files. @param {import('../support/emulator.mjs').EmulatorOptions} [options] */
async function withOutputs(options) {
    const emulator = await Emulator.start({ ...options, args: ['--node-start', '50'] });
    const project = new Project(emulator).bind().script('train.py', script);
    const run = await project.json(['run', 'train.py', '--follow']);
    assert.equal(run.code, 0, run.stderr);
    const hash = run.values.map(({ text = '' }) => text).join('').match(/[0-9a-f]{64}/)?.[0];
    return { emulator, project, hash, job: run.values.at(-1).name };
}

/** @param {string} file */
const hashOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

test('outputs are listed without logs, and downloaded as they are', async () => {
    const { emulator, project, hash, job } = await withOutputs();
    const listed = await project.aml(['outputs', job]);
    assert.deepEqual(listed.stdout.trim().split('\n'), ['outputs/deep er/empty.txt', 'outputs/model.bin']);
    const below = await project.json(['outputs', job, '--path', 'outputs/deep er']);
    assert.deepEqual(below.values, [{ path: 'outputs/deep er/empty.txt' }]);

    const saved = await project.json(['outputs', job, '--download', 'kept']);
    assert.equal(saved.code, 0, saved.stderr);
    assert.deepEqual(saved.values.map(({ downloaded }) => downloaded), [true, true]);
    const model = join(project.folder, 'kept/outputs/model.bin');
    assert.equal(hashOf(model), hash);
    assert.equal(readFileSync(join(project.folder, 'kept/outputs/deep er/empty.txt'), 'utf8'), '');
    assert.deepEqual(readdirSync(join(project.folder, 'kept/outputs')).sort(), ['deep er', 'model.bin']);

    const again = await project.json(['outputs', job, '--download', 'kept']);
    assert.deepEqual(again.values.map(({ downloaded }) => downloaded), [false, false]);

    writeFileSync(model, 'mine');
    const refused = await project.aml(['outputs', job, '--download', 'kept']);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /model\.bin exists already and is another file\. Choose another folder/);
    assert.equal(readFileSync(model, 'utf8'), 'mine');
    project.remove();
    await emulator.stop();
});

test('a download that was cut off is gone on with', async () => {
    const { emulator, project, hash, job } = await withOutputs({
        // Beyond what is tried again by itself; the first piece passes.
        faults: { rules: [{ method: 'GET', route: '**/outputs/model.bin', reset: true, after: 1, times: 6 }] },
    });
    const cut = await project.aml(['outputs', job, '--download', 'kept']);
    assert.equal(cut.code, 1, cut.stdout);
    const folder = join(project.folder, 'kept/outputs');
    assert.equal(existsSync(join(folder, 'model.bin')), false);
    const asked = emulator.exchanges(({ method, url }) => method === 'GET' && url.includes('/outputs/model.bin')).length;
    for (let tries = 0; tries < 3 && !existsSync(join(folder, 'model.bin')); tries += 1)
        await project.aml(['outputs', job, '--download', 'kept']);
    assert.equal(hashOf(join(folder, 'model.bin')), hash);
    const ranges = emulator
        .exchanges(({ method, url }) => method === 'GET' && url.includes('/outputs/model.bin'))
        .slice(asked)
        .map(({ requestHeaders }) => requestHeaders['x-ms-range']);
    assert.ok(ranges.every((range) => !range.startsWith('bytes=0-')), `started again: ${ranges}`);
    assert.deepEqual(readdirSync(folder).sort(), ['deep er', 'model.bin']);
    project.remove();
    await emulator.stop();
});

test('a model is registered from what a run left, and its files are those of the run', async () => {
    const { emulator, project, hash, job } = await withOutputs();
    const first = await project.json(['outputs', job, '--path', 'outputs/model.bin', '--register', 'digits']);
    assert.deepEqual(first.values, [{ name: 'digits', version: '1', type: 'custom_model' }], first.stderr);
    const second = await project.aml(['outputs', job, '--path', 'outputs/', '--register', 'digits']);
    assert.equal(second.stdout, 'digits:2\n');
    const { body } = await emulator.arm('GET', `${emulator.workspaceId}/models/digits/versions/1`);
    assert.equal(body.properties.jobName, job);
    assert.match(body.properties.modelUri, new RegExp(`ExperimentRun/dcid\\.${job}/outputs/model\\.bin$`));

    const client = new LanguageClient({ env: project.environment, cwd: project.folder });
    const folder = join(project.base, 'models');
    client.on('ui/pickFolder', () => ({ uri: pathToFileURL(folder).href }));
    client.on('window/showDocument', () => ({ success: true }));
    await client.initialize({ stateDirectory: join(project.base, 'editor') });
    const children = async (/** @type {string} */ id) =>
        (await client.request('tree/children', { id })).nodes.filter(
            (/** @type {any} */ { contextValue }) => /^(model|run)\./.test(contextValue),
        );
    const model = `${emulator.workspaceId.toLowerCase()}/models/digits/versions`;
    const execute = (/** @type {string} */ command, /** @type {unknown[]} */ ...args) =>
        client.request('workspace/executeCommand', { command, arguments: args });
    assert.deepEqual((await children(`${model}/1`)).map((/** @type {any} */ { label }) => label), ['model.bin']);
    const [top] = await children(`${model}/2`);
    assert.deepEqual([top.label, top.contextValue], ['outputs', 'model.folder']);
    const [deeper, file] = await children(top.id);
    assert.deepEqual([deeper.label, file.label, file.contextValue], ['deep er', 'model.bin', 'model.file']);
    await execute('azureml.run.download', file.id);
    assert.equal(hashOf(join(folder, 'outputs/model.bin')), hash);
    await execute('azureml.run.download', `${model}/1`);
    assert.equal(hashOf(join(folder, 'model.bin')), hash);
    const uri = await execute('azureml.file.open', (await children(deeper.id))[0].id);
    assert.equal((await client.request('runs/document', { uri })).text, '');

    // The same files stand below the run.
    const workspace = emulator.workspaceId.toLowerCase();
    const [row] = await children(`${workspace}#experiments/e2e`);
    assert.equal(row.id, `${workspace}/jobs/${job}`);
    const [all] = await children(row.id);
    assert.deepEqual([all.label, all.contextValue], ['Files', 'run.folder']);
    const [outputs] = await children(all.id);
    const found = await children(outputs.id);
    assert.deepEqual(found.map((/** @type {any} */ { label }) => label), ['deep er', 'model.bin']);
    await execute('azureml.run.download', found[0].id);
    assert.equal(readFileSync(join(folder, 'outputs/deep er/empty.txt'), 'utf8'), '');
    const binary = await execute('azureml.file.open', found[1].id);
    assert.match((await client.request('runs/document', { uri: binary })).text, /^This file \(9\.0 MB\) is not text\./);

    for (const [args, reason] of /** @type {const} */ ([
        [['--register', 'digits'], /--register needs --path/],
        [['--path', 'outputs/none', '--register', 'digits'], /has no file outputs\/none/],
        [['--path', 'outputs', '--register', 'a b'], /letters, digits, hyphens and underscores/],
    ])) {
        const refused = await project.aml(['outputs', job, ...args]);
        assert.notEqual(refused.code, 0);
        assert.match(refused.stderr, reason);
    }
    await client.shutDown();
    project.remove();
    await emulator.stop();
});

test('a model of MLflow is known by its description', async () => {
    const emulator = await Emulator.start({ args: ['--node-start', '50'] });
    const project = new Project(emulator).bind();
    project.script('train.py', 'import os\nos.makedirs("outputs/net")\nopen("outputs/net/MLmodel", "w").write("flavors: {}")\n');
    const run = await project.json(['run', 'train.py', '--follow']);
    const { name } = run.values.at(-1);
    const client = new LanguageClient({ env: project.environment, cwd: project.folder });
    client.on('ui/input', ({ value }) => ({ kind: 'entered', value }));
    client.on('window/showMessageRequest', ({ actions }) => actions[0]);
    await client.initialize({ stateDirectory: join(project.base, 'editor') });
    // A page names the file that it shows.
    const registered = await client.request('workspace/executeCommand', {
        command: 'azureml.model.register',
        arguments: [`${emulator.workspaceId}/jobs/${name}`, null, 'outputs/net/MLmodel'],
    });
    assert.equal(registered, 'net:1');
    const { path } = await client.asked('tree/reveal');
    assert.equal(path.at(-1), `${emulator.workspaceId.toLowerCase()}/models/net/versions/1`);
    const { body } = await emulator.arm('GET', `${emulator.workspaceId}/models/net/versions/1`);
    assert.equal(body.properties.modelType, 'mlflow_model');
    await client.shutDown();
    project.remove();
    await emulator.stop();
});

test('a run that left nothing, and a run that is none', async () => {
    const emulator = await Emulator.start({ seed: { workspaces: [{ experiments: [{ name: 'seeded', runs: 1 }] }] } });
    const project = new Project(emulator).bind();
    const [{ name }] = (await emulator.arm('GET', `${emulator.workspaceId}/jobs`)).body.value;
    const nothing = await project.aml(['outputs', name]);
    assert.equal(nothing.code, 0, nothing.stderr);
    assert.match(nothing.stderr, /The run has no such files\./);
    const none = await project.aml(['outputs', 'no-such-run']);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /There is no run 'no-such-run'/);
    project.remove();
    await emulator.stop();
});
