// @ts-check
// The code that was sent with runs: compared with that of another run and with a folder, and given back as it was.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

/** Larger than what goes to storage in one piece, so that storage keeps no MD5 of it. */
const large = Buffer.alloc(40 << 20, 'weights ');

/** A project with an editor beside it. */
async function opened() {
    const emulator = await Emulator.start({ args: ['--node-start', '50'] });
    const project = new Project(emulator).bind();
    project.script('train.py', 'print("one")\n');
    project.write('src/模型.py', 'LAYERS = 2\n');
    writeFileSync(project.path('picture.bin'), Buffer.from([0, 1, 2, 3]));
    const client = new LanguageClient({ env: project.environment, cwd: project.folder });
    client.on('window/showDocument', () => ({ success: true }));
    /** @type {any[]} */
    const shown = [];
    client.on('ui/showChanges', (params) => {
        shown.push(params);
        return null;
    });
    await client.initialize({ stateDirectory: join(project.base, 'editor') });
    client.notify('workspace/didChangeWorkspaceFolders', {
        event: { added: [{ uri: pathToFileURL(project.folder).href, name: 'project' }], removed: [] },
    });
    const execute = (/** @type {string} */ command, /** @type {unknown[]} */ ...args) =>
        client.request('workspace/executeCommand', { command, arguments: args });
    const submit = async () => {
        const { name } = await execute('azureml.submit', pathToFileURL(project.path('train.job.json')).href);
        return `${emulator.workspaceId}/jobs/${name}`;
    };
    const textOf = async (/** @type {string} */ uri) => (await client.request('runs/document', { uri })).text;
    const end = async () => {
        await client.shutDown();
        project.remove();
        await emulator.stop();
    };
    return { emulator, project, client, execute, submit, shown, textOf, end };
}

/** SHA-256 of each file below a folder, by path. @param {string} folder */
function hashes(folder) {
    return Object.fromEntries(
        readdirSync(folder, { recursive: true, encoding: 'utf8' })
            .filter((path) => statSync(join(folder, path)).isFile())
            .map((path) => [
                path.split(sep).join('/'),
                createHash('sha256').update(readFileSync(join(folder, path))).digest('hex'),
            ])
            .sort(),
    );
}

/** What is shown of a comparison, without the addresses. @param {any} shown */
const listed = ({ files }) =>
    files.map((/** @type {any} */ { path, left, right }) => [
        path,
        left === undefined ? 'added' : right === undefined ? 'removed' : 'changed',
    ]);

test('the code of two runs is compared file by file, and only what differs is fetched', async () => {
    const { emulator, project, client, execute, submit, shown, textOf, end } = await opened();
    project.write('gone.py', 'x = 1\n');
    const first = await submit();
    project.write('train.py', 'print("two")\n');
    project.write('src/new & odd #1.py', 'y = 2\n');
    writeFileSync(project.path('picture.bin'), Buffer.from([0, 1, 2, 4]));
    rmSync(project.path('gone.py'));
    const second = await submit();
    const reads = () => emulator.exchanges(({ method, url }) => method === 'GET' && url.includes('.py')).length;
    const before = reads();

    await execute('azureml.run.compareCode', first, null, second);
    assert.equal(shown.length, 1);
    assert.equal(shown[0].title, 'Code of train and train');
    assert.deepEqual(listed(shown[0]), [
        ['gone.py', 'removed'],
        ['picture.bin', 'changed'],
        ['src/new & odd #1.py', 'added'],
        ['train.py', 'changed'],
    ]);
    assert.equal(reads(), before, 'nothing was read to compare it');
    const [gone, picture, added, script] = shown[0].files;
    assert.equal(await textOf(gone.left), 'x = 1\n');
    assert.equal(await textOf(added.right), 'y = 2\n');
    assert.deepEqual([await textOf(script.left), await textOf(script.right)], ['print("one")\n', 'print("two")\n']);
    // What is no text is said, and differs where the contents do.
    assert.match(await textOf(picture.left), /^This file \(4 B\) is not text\.\nMD5: [0-9a-f]{32}\n$/);
    assert.notEqual(await textOf(picture.left), await textOf(picture.right));

    await execute('azureml.run.compareCode', first, null, first);
    await client.notified('window/showMessage', ({ message }) => /The code of train and train is the same/.test(message));
    assert.equal(shown.length, 1);

    // Whoever does not say with what is asked: a folder, or another run of the experiment.
    client.on('ui/pick', ({ items }) => {
        const labels = items.map((/** @type {any} */ { label }) => label);
        assert.deepEqual(labels, ['project', 'A folder…', 'Runs of the experiment', 'train']);
        return { kind: 'picked', ids: [items.at(-1).id] };
    });
    await execute('azureml.run.compareCode', second);
    assert.deepEqual(listed(shown[1]).at(0), ['gone.py', 'added']);
    client.on('ui/pick', () => ({ kind: 'cancelled' }));
    assert.equal(await execute('azureml.run.compareCode', second), null);
    assert.equal(shown.length, 2);

    await assert.rejects(execute('azureml.run.compareCode', `${first}_none`, null, second), /no run|no job|There is/);
    await assert.rejects(client.request('runs/document', { uri: 'azureml-run:/x' }), /\/params\/uri/);
    await assert.rejects(textOf(gone.right ?? script.left.replaceAll('train.py', 'none.py')), /has no file none\.py/);
    await end();
});

test('the code of a run is compared with a folder, whose files can be edited', async () => {
    const { project, client, execute, submit, shown, end } = await opened();
    const run = await submit();
    project.write('train.py', 'print("edited")\n');
    client.on('ui/pick', ({ items }) => ({ kind: 'picked', ids: [items[0].id] }));
    await execute('azureml.run.compareCode', run);
    assert.equal(shown[0].title, 'Code of train and project');
    assert.deepEqual(listed(shown[0]), [['train.py', 'changed']]);
    assert.equal(shown[0].files[0].right, pathToFileURL(project.path('train.py')).href);

    project.write('train.py', 'print("one")\n');
    const elsewhere = join(project.base, 'elsewhere');
    cpSync(project.folder, elsewhere, { recursive: true });
    writeFileSync(join(elsewhere, 'more.py'), '');
    client.on('ui/pick', () => ({ kind: 'picked', ids: ['folder:?'] }));
    client.on('ui/pickFolder', () => ({ uri: pathToFileURL(elsewhere).href }));
    await execute('azureml.run.compareCode', run);
    assert.deepEqual(listed(shown[1]), [['more.py', 'added']]);
    client.on('ui/pickFolder', () => ({}));
    await execute('azureml.run.compareCode', run);
    assert.equal(shown.length, 2);
    await end();
});

test('a file that storage knows no MD5 of is compared by its content', async () => {
    const { project, execute, submit, shown, end } = await opened();
    writeFileSync(project.path('weights.bin'), large);
    const first = await submit();
    project.write('src/模型.py', 'LAYERS = 3\n');
    const second = await submit();
    await execute('azureml.run.compareCode', first, null, second);
    assert.deepEqual(listed(shown[0]), [['src/模型.py', 'changed']]);
    const other = Buffer.from(large);
    other[other.length - 1] = 0;
    writeFileSync(project.path('weights.bin'), other);
    await execute('azureml.run.compareCode', first, null, pathToFileURL(project.folder).href);
    assert.deepEqual(listed(shown[1]), [['src/模型.py', 'changed'], ['weights.bin', 'changed']]);
    await end();
});

test('restored code is what was sent, by the hash of every file and of all together', async () => {
    const { emulator, project, client, execute, submit, end } = await opened();
    const run = await submit();
    const sent = hashes(project.folder);
    const restored = join(project.base, 'restored');
    mkdirSync(restored);
    client.on('ui/pickFolder', () => ({ uri: pathToFileURL(restored).href }));
    await execute('azureml.run.restoreCode', run);
    assert.deepEqual(hashes(restored), sent);

    // Sent from there, it is the same version of the code.
    rmSync(project.folder, { recursive: true });
    cpSync(restored, project.folder, { recursive: true });
    const again = await submit();
    const codeOf = async (/** @type {string} */ id) => (await emulator.arm('GET', id)).body.properties.codeId;
    assert.equal(await codeOf(again), await codeOf(run));
    assert.match((await emulator.arm('GET', await codeOf(run))).body.properties.properties.hash_sha256, /^[0-9a-f]{64}$/);
    await end();
});
