// @ts-check
// A user's session through the language server and the emulator: from a script to a finished run.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns, until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

/**
 * A user who knows which rows to take: the first wanted one that a list has. Lists of several keep
 * what is ticked.
 * @param {LanguageClient} client
 * @param {readonly string[]} wanted ids
 * @param {Record<string, string>} typed part of the prompt -> text
 */
function answerQuestions(client, wanted, typed) {
    client.on('ui/pick', async ({ token, title, items, canPickMany, busy }) => {
        let rows = items;
        if (busy) {
            const complete = await client.notified(
                'ui/didChangePick',
                (update) => update.token === token && !update.busy,
            );
            rows = complete.items;
        }
        if (canPickMany) {
            return { kind: 'picked', ids: rows.filter(({ picked }) => picked).map(({ id }) => id) };
        }
        const found = wanted.find((id) => rows.some((/** @type {any} */ row) => row.id === id));
        assert.ok(found, `${title}: none of ${rows.map(({ id }) => id).join(', ')} is wanted`);
        return { kind: 'picked', ids: [found] };
    });
    client.on('ui/input', async ({ token, title, prompt, value }) => {
        const key = Object.keys(typed).find((text) => `${title} ${prompt}`.includes(text));
        const text = key === undefined ? (value ?? '') : (typed[key] ?? '');
        const { message } = await client.request('ui/validateInput', { token, value: text });
        assert.equal(message, undefined);
        return { kind: 'entered', value: text };
    });
}

describe('a session in an editor', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;
    /** @type {LanguageClient} */
    let client;
    /** @type {string} */
    let script;
    /** @type {string} */
    let configuration;

    const execute = (/** @type {string} */ command, /** @type {unknown[]} */ ...args) =>
        client.request('workspace/executeCommand', { command, arguments: args });
    const didOpen = (/** @type {string} */ uri, /** @type {string} */ text) =>
        client.notify('textDocument/didOpen', {
            textDocument: { uri, languageId: 'json', version: 1, text },
        });

    before(async () => {
        emulator = await Emulator.start({ args: ['--node-start', '50'] });
        project = new Project(emulator);
        project.write('train.py', 'print("trained in a session")\n');
        script = pathToFileURL(project.path('train.py')).href;
        configuration = pathToFileURL(project.path('train.job.json')).href;
        client = new LanguageClient({ env: project.environment, cwd: project.folder });
        client.on('window/showDocument', () => ({ success: true }));
        await client.initialize({ stateDirectory: join(project.base, 'editor') });
    });
    after(async () => {
        const { code } = await client.shutDown();
        project.remove();
        await emulator.stop();
        assert.equal(code, 0);
    });

    test('Run as experiment asks step by step and opens what it wrote', async () => {
        const { subscriptionId } = emulator.ready;
        // The row that makes something new has one id everywhere, so it comes last.
        const rows = [subscriptionId, emulator.workspaceId, 'cpu-cluster', 'template:general', '+new'];
        answerQuestions(client, rows, { experiment: 'session' });
        await execute('azureml.runAsExperiment', script);
        const shown = await client.asked('window/showDocument');
        assert.equal(fileURLToPath(shown.uri), project.path('train.job.json'));
        const job = JSON.parse(project.read('train.job.json'));
        assert.equal(job.compute, 'azureml:cpu-cluster');
        assert.equal(job.command, 'python train.py');
        didOpen(configuration, project.read('train.job.json'));
    });

    test('a run configuration has the lens Submit Experiment, any other JSON has none', async () => {
        const textDocument = { uri: configuration };
        const lenses = await client.request('textDocument/codeLens', { textDocument });
        assert.ok(lenses.some((/** @type {any} */ { command }) => command.command === 'azureml.submit'));
        const other = pathToFileURL(project.path('settings.json')).href;
        didOpen(other, '{"command": "x"}');
        assert.deepEqual(await client.request('textDocument/codeLens', { textDocument: { uri: other } }), []);
    });

    test('Submit runs it, the run is followed to its end, and its log can be read', async () => {
        await execute('azureml.submit', configuration);
        const { runs } = await client.notified('runs/didChange', ({ runs }) => runs.length > 0);
        const { id } = runs[0];
        await client.notified('runs/didChange', ({ runs }) =>
            runs.some((/** @type {any} */ run) => run.id === id && run.isFinal && run.status === 'Completed'),
        );
        const revisions = client.notifications
            .filter(({ method }) => method === 'runs/didChange')
            .flatMap(({ params }) => params.runs)
            .filter((run) => run.id === id)
            .map(({ revision }) => revision);
        assert.deepEqual(revisions, [...revisions].sort((a, b) => a - b));
        let text = '';
        let offset = 0;
        for (let complete = false; !complete; ) {
            const part = await client.request('runs/log', { id, offset, wait: true });
            text += part.text;
            offset = part.nextOffset;
            complete = part.complete;
        }
        assert.match(text, /trained in a session/);
    });

    test('the text in the editor is what is submitted, saved or not', async () => {
        const job = JSON.parse(project.read('train.job.json'));
        const text = JSON.stringify({ ...job, display_name: 'not saved' }, null, 2);
        client.notify('textDocument/didChange', {
            textDocument: { uri: configuration, version: 2 },
            contentChanges: [{ text }],
        });
        const submitting = client.request('workspace/executeCommand', {
            command: 'azureml.submit',
            arguments: [configuration],
            workDoneToken: 'edited',
        });
        await client.notified('$/progress', ({ token }) => token === 'edited');
        // Editing goes on while it is being submitted, and changes nothing about that.
        client.notify('textDocument/didChange', {
            textDocument: { uri: configuration, version: 3 },
            contentChanges: [{ text: text.replace('not saved', 'too late') }],
        });
        await submitting;
        const put = emulator.exchanges(
            ({ method, url }) => method === 'PUT' && /\/jobs\/[^/?]+\?/i.test(url),
        );
        assert.equal(put.at(-1)?.requestBody.properties.displayName, 'not saved');
    });

    test('Repeat last run submits at once, without a question and in one call', async () => {
        await client.notified('runs/didChangeRepeatable', ({ scripts }) => scripts.includes(script));
        const questions = client.requests.filter(({ method }) => method.startsWith('ui/')).length;
        const before = emulator.createdJobs().size;
        await execute('azureml.repeatLastRun', script);
        assert.equal(emulator.createdJobs().size, before + 1);
        assert.equal(client.requests.filter(({ method }) => method.startsWith('ui/')).length, questions);
    });

    test('a run can be cancelled from the tree while it runs', async () => {
        project.write('wait.py', 'import time\nprint("waiting", flush=True)\ntime.sleep(600)\n');
        const job = JSON.parse(project.read('train.job.json'));
        project.write('wait.job.json', JSON.stringify({ ...job, command: 'python wait.py' }));
        const before = new Set(emulator.createdJobs());
        await execute('azureml.submit', pathToFileURL(project.path('wait.job.json')).href);
        const name = [...emulator.createdJobs()].find((created) => !before.has(created));
        const isIt = (/** @type {any} */ run) => run.name === name;
        const running = await client.notified('runs/didChange', ({ runs }) =>
            runs.some((/** @type {any} */ run) => isIt(run) && run.status === 'Running'),
        );
        // The server asks before it cancels: what it asks is confirmed, other messages are only read.
        client.on('window/showMessageRequest', ({ actions }) =>
            actions.find((/** @type {any} */ action) => action.title === 'Cancel run') ?? null,
        );
        await execute('azureml.run.cancel', running.runs.find(isIt).nodeId);
        await client.notified('runs/didChange', ({ runs }) =>
            runs.some((/** @type {any} */ run) => isIt(run) && run.status === 'Canceled'),
        );
    });

    test('the tree leads from subscriptions to the run', async () => {
        const children = async (/** @type {string | undefined} */ id) => {
            const params = id === undefined ? {} : { id };
            const { nodes } = await client.request('tree/children', params);
            return nodes;
        };
        /** @param {any[]} nodes @param {RegExp} label */
        const pick = (nodes, label) => {
            const node = nodes.find((candidate) => label.test(candidate.label));
            assert.ok(node, `${label} is not among ${nodes.map((one) => one.label).join(', ')}`);
            return node;
        };
        const [subscription] = await children(undefined);
        const workspace = pick(await children(subscription.id), new RegExp(emulator.ready.workspace));
        const branches = await children(workspace.id);
        for (const label of [/Experiments/, /Compute/, /Environments/, /Datastores/, /Data/, /Models/, /Endpoints/]) {
            pick(branches, label);
        }
        const experiments = await children(pick(branches, /Experiments/).id);
        const runs = await until(async () => {
            const rows = await children(pick(experiments, /session/).id);
            return rows.length > 0 ? rows : undefined;
        }, 'runs of the experiment');
        assert.ok(runs.some((/** @type {any} */ run) => run.contextValue.startsWith('run')));
        const { content } = await client.request('tree/details', { id: runs[0].id });
        assert.doesNotThrow(() => JSON.parse(content));
    });

    test('another workspace is chosen, and the lens that names it is asked for again', async () => {
        const unbound = new Project(emulator);
        unbound.write('train.job.json', '{"command": "python train.py"}');
        const uri = pathToFileURL(unbound.path('train.job.json')).href;
        const editor = new LanguageClient({ env: unbound.environment, cwd: unbound.folder });
        const lenses = async () => {
            const found = await editor.request('textDocument/codeLens', { textDocument: { uri } });
            return found.map((/** @type {any} */ { command }) => command.title);
        };
        const refreshes = () =>
            editor.requests.filter(({ method }) => method === 'workspace/codeLens/refresh').length;
        await editor.request('initialize', {
            processId: process.pid,
            capabilities: { workspace: { codeLens: { refreshSupport: true } } },
            workspaceFolders: [{ uri: pathToFileURL(unbound.folder).href, name: 'project' }],
            initializationOptions: { stateDirectory: join(unbound.base, 'editor') },
        });
        editor.notify('initialized', {});
        editor.notify('textDocument/didOpen', {
            textDocument: { uri, languageId: 'json', version: 1, text: unbound.read('train.job.json') },
        });
        const shared = ['Submit Experiment', 'Run on this computer'];
        assert.deepEqual(await lenses(), [...shared, 'Select a workspace']);
        assert.equal(refreshes(), 0);

        answerQuestions(editor, [emulator.ready.subscriptionId, emulator.workspaceId], {});
        await editor.request('workspace/executeCommand', { command: 'azureml.selectWorkspace', arguments: [uri] });
        await until(() => refreshes() > 0, 'the lens is asked for again');
        // What submitting would take comes after these, once it is known.
        const now = (await lenses()).slice(0, 3);
        assert.deepEqual(now, [...shared, `Workspace: ${emulator.ready.workspace}`]);
        assert.equal((await editor.shutDown()).code, 0);
        unbound.remove();
    });
});
