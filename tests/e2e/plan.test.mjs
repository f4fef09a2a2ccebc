// @ts-check
// What a run would take, said before it is submitted, and what would be sent: in a terminal and in an editor.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

describe('a plan', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;

    before(async () => {
        emulator = await Emulator.start({ args: ['--node-start', '0'] });
        project = new Project(emulator).bind();
        project.script('train.py', 'print(1)\n', {
            inputs: { data: { type: 'uri_file', path: 'data.csv' } },
            environment: { image: 'mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04', conda_file: 'conda.yml' },
        });
        project.write('data.csv', 'a,b\n');
        project.write('conda.yml', 'dependencies: [python=3.11]\n');
        project.write('notes/long.txt', 'x'.repeat(5000));
        project.write('cache/one.tmp', 'x');
        project.write('.gitignore', '# what need not go\ncache/\n*.log\n');
    });
    after(async () => {
        project?.remove();
        await emulator?.stop();
    });

    /** Requests that change something in Azure. */
    const changes = () =>
        emulator.exchanges(
            ({ method, url }) => (method === 'PUT' || method === 'PATCH') && !/tokens/.test(url ?? ''),
        ).length;

    test('says what a run takes and changes nothing', async () => {
        const before = changes();
        const { code, stderr, values } = await project.json(['run', 'train.job.json', '--plan']);
        assert.equal(code, 0, stderr);
        const [plan] = values;
        assert.equal(plan.compute.name, 'cpu-cluster');
        assert.match(plan.compute.vmSize, /^Standard_/i);
        assert.ok(plan.compute.pricePerNodeAndHour > 0);
        assert.equal(plan.compute.nodesWanted, 1);
        assert.equal(plan.compute.nodesFree + plan.compute.nodesToStart, 1);
        assert.ok(plan.compute.quota.limit > 0);
        assert.equal(plan.image.state, 'toBuild');
        const [code_, data] = plan.sends;
        assert.equal(code_.files, 7);
        assert.deepEqual([code_.filesToSend, data.files, data.filesToSend], [7, 1, 1]);
        assert.deepEqual(plan.problems, []);
        const said = await project.aml(['run', 'train.job.json', '--plan']);
        assert.match(said.stdout, /Compute: cpu-cluster · Standard_\w+ · \$[\d.]+ an hour\n/i);
        assert.match(said.stdout, /image to be built/);
        assert.match(said.stdout, /Files: 8 files to send/);
        assert.equal(changes(), before);
        assert.equal((await emulator.arm('GET', `${emulator.workspaceId}/jobs`)).body.value.length, 0);
    });

    test('knows what is there already, and what keeps a run from beginning', async () => {
        const submitted = await project.json(['run', 'train.job.json']);
        assert.equal(submitted.code, 0, submitted.stderr);
        project.write('data.csv', 'a,b\n1,2\n');
        const [again] = (await project.json(['run', 'train.job.json', '--plan'])).values;
        assert.equal(again.image.state, 'ready');
        // The data lies in the code folder as well.
        assert.deepEqual(again.sends.map((/** @type {any} */ { filesToSend }) => filesToSend), [7, 1]);
        const elsewhere = await project.json(['run', 'train.job.json', '--plan', '--compute', 'gone']);
        assert.equal(elsewhere.code, 0, elsewhere.stderr);
        assert.match(elsewhere.values[0].problems[0], /^There is no compute gone in the workspace /);
        const many = ['--set', 'resources.instance_count=2,3', '--parallel', '--plan'];
        const [several] = (await project.json(['run', 'train.job.json', ...many])).values;
        assert.deepEqual([several.runs, several.compute.nodesWanted], [2, 2]);
    });

    test('stands above the run configuration, and what is sent can be read and left out', async () => {
        const client = new LanguageClient({ env: project.environment, cwd: project.folder });
        /** @type {string[]} */
        const shown = [];
        client.on('window/showDocument', ({ uri }) => {
            shown.push(uri);
            return { success: true };
        });
        client.on('workspace/codeLens/refresh', () => null);
        await client.initialize(
            { stateDirectory: join(project.base, 'editor'), auth: 'servicePrincipal' },
            { workspace: { codeLens: { refreshSupport: true } } },
        );
        const uri = pathToFileURL(project.path('train.job.json')).href;
        const text = project.read('train.job.json');
        client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'json', version: 1, text } });
        const lenses = () => client.request('textDocument/codeLens', { textDocument: { uri } });
        // Nobody is signed in for a plan: whoever looks at the tree is.
        await client.request('tree/children', { id: `${emulator.workspaceId.toLowerCase()}#experiments/e2e` });
        await lenses();
        await client.asked('workspace/codeLens/refresh');
        const plan = (await lenses()).find((/** @type {any} */ { command }) => command.command === 'azureml.showSent');
        // A row of its own: it is longer than the space beside the buttons.
        assert.equal(plan.range.start.line, 1);
        assert.match(plan.command.title, /^cpu-cluster · Standard_\w+ · \$[\d.]+ an hour · \d+ nodes? free/i);

        const execute = (/** @type {string} */ command, /** @type {unknown[]} */ ...args) =>
            client.request('workspace/executeCommand', { command, arguments: args });
        await execute(plan.command.command, ...plan.command.arguments);
        const document = async () => (await client.request('runs/document', { uri: shown.at(-1) })).text;
        const first = await document();
        assert.match(first, /Code: .*project\n7 files, /);
        assert.match(first, /Files, the largest first:\n +5\.0 KB {2}notes\/long\.txt\n/);
        assert.match(first, /Left out:\n {2}cache\/ {2}\(\.gitignore:2: cache\/\)\n/);

        client.on('ui/pick', ({ items }) => ({
            kind: 'picked',
            ids: [items.find((/** @type {any} */ { label }) => label === 'notes/').id],
        }));
        await execute('azureml.leaveOut', shown[0]);
        assert.equal(project.read('.gitignore'), '# what need not go\ncache/\n*.log\n/notes/\n');
        assert.notEqual(shown[1], shown[0]);
        const second = await document();
        assert.doesNotMatch(second, /long\.txt/);
        assert.match(second, / {2}notes\/ {2}\(\.gitignore:4: \/notes\/\)\n/);
        await client.shutDown();
    });
});
