// @ts-check
// Data assets: made of files and folders of this computer, in a terminal and in an editor, completed in run
// configurations, and read by a run.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

describe('a data asset', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;

    before(async () => {
        emulator = await Emulator.start({ args: ['--node-start', '0'] });
        project = new Project(emulator, {
            'numbers.csv': 'a,b\n1,2\n',
            'digits/one.txt': 'one\n',
            'digits/two/two.txt': 'two\n',
            'digits/cache/three.tmp': 'three\n',
            'digits/.amlignore': 'cache/\n',
        }).bind();
    });
    after(async () => {
        project?.remove();
        await emulator?.stop();
    });

    const uploads = () => emulator.exchanges(({ method, url }) => method === 'PUT' && /\/LocalUpload\//.test(url ?? '')).length;
    const version = async (/** @type {string} */ name, /** @type {string} */ number) =>
        (await emulator.arm('GET', `${emulator.workspaceId}/data/${name}/versions/${number}`)).body.properties;

    test('is a file or a folder; what is there already is not sent again', async () => {
        const made = await project.json(['data', 'create', 'numbers', 'numbers.csv', '--description', 'two of them']);
        assert.equal(made.code, 0, made.stderr);
        assert.deepEqual(made.values, [{ name: 'numbers', version: '1', type: 'uri_file', reference: 'azureml:numbers:1' }]);
        const { dataType, dataUri, description } = await version('numbers', '1');
        assert.deepEqual([dataType, description], ['uri_file', 'two of them']);
        const { subscriptionId, resourceGroup, workspace } = emulator.ready;
        const place = `azureml://subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/workspaces/${workspace}/datastores`;
        assert.ok(dataUri.startsWith(`${place}/workspaceblobstore/paths/LocalUpload/`), dataUri);
        assert.match(dataUri, /\/numbers\.csv$/);

        const before = uploads();
        const folder = await project.aml(['data', 'create', 'digits', 'digits']);
        assert.equal(folder.code, 0, folder.stderr);
        assert.match(folder.stdout, /^Registered uri_folder\. An input of a run configuration reads it as\nazureml:digits:1\n$/);
        assert.match((await version('digits', '1')).dataUri, /\/digits\/$/);
        assert.equal(uploads() - before, 3, 'what its ignore file leaves out stays');
        const again = await project.json(['data', 'create', 'digits', 'digits']);
        assert.deepEqual(again.values.map(({ version }) => version), ['2']);
        assert.equal(uploads() - before, 3);
        assert.equal((await version('digits', '2')).dataUri, (await version('digits', '1')).dataUri);

        const listed = await project.aml(['data', 'list']);
        assert.equal(listed.stdout, 'NAME     VERSION  TYPE\nnumbers  1        uri_file\ndigits   2        uri_folder\n');
    });

    test('that cannot be made is refused with the reason, and nothing is sent', async () => {
        const before = uploads();
        const refused = [
            [['a b', 'digits'], /A data asset cannot be called “a b”: use letters, digits, hyphens and underscores only\./],
            [['x', 'nowhere'], /There is no file or folder .*nowhere\./],
        ];
        for (const [operands, message] of /** @type {[string[], RegExp][]} */ (refused)) {
            const { code, stderr } = await project.aml(['data', 'create', ...operands]);
            assert.equal(code, 1);
            assert.match(stderr, message);
        }
        assert.equal((await project.aml(['data', 'create', 'x'])).code, 2);
        assert.equal(uploads(), before);
    });

    test('is made in an editor, completed in a run configuration, and read by the run', async () => {
        project.write('read.job.json', JSON.stringify({
            type: 'command',
            compute: 'azureml:cpu-cluster',
            environment: { image: 'mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04' },
            command: 'cat ${{inputs.digits}}/two/two.txt',
            inputs: { digits: { type: 'uri_folder', path: '' } },
        }));
        const client = new LanguageClient({ env: project.environment, cwd: project.folder });
        client.on('ui/input', ({ value }) => {
            assert.equal(value, 'digits');
            return { kind: 'entered', value: 'shown' };
        });
        await client.initialize({ stateDirectory: project.path('../editor'), auth: 'servicePrincipal' });
        const execute = (/** @type {string} */ command, /** @type {unknown[]} */ ...args) =>
            client.request('workspace/executeCommand', { command, arguments: args });
        const reference = await execute('azureml.data.create', pathToFileURL(project.path('digits')).href);
        assert.equal(reference, 'azureml:shown:1');
        const { message, actions } = await client.asked('window/showMessageRequest', (asked) => /shown/.test(asked.message));
        assert.equal(message, 'Registered shown as a data asset. An input reads it as azureml:shown:1.');
        assert.deepEqual(actions, [{ title: 'Show data asset' }]);

        const uri = pathToFileURL(project.path('read.job.json')).href;
        const text = project.read('read.job.json');
        client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'json', version: 1, text } });
        const character = text.indexOf('"path":""') + '"path":"'.length;
        const answer = await client.request('textDocument/completion', {
            textDocument: { uri },
            position: { line: 0, character },
        });
        const items = answer.items ?? answer;
        const offered = items.filter((/** @type {any} */ { detail }) => /^uri_/.test(detail ?? ''));
        assert.deepEqual(offered.map((/** @type {any} */ { label }) => label), ['digits', 'numbers', 'shown']);
        await client.shutDown();

        project.write('read.job.json', text.replace('"path":""', `"path":"${reference}"`));
        const run = await project.aml(['run', 'read.job.json', '--follow']);
        assert.equal(run.code, 0, run.stderr);
        assert.match(run.stdout, /^two$/m);
    });
});
