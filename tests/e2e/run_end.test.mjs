// @ts-check
// How a run of one's own ends: the news, with their buttons, in one of the windows; and what the status bar says.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns, until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

const isNews = (/** @type {any} */ { message }) => / after /.test(message);

/** A project whose script ends in some way once `open` is called, and what starts windows on it. @param {string} end */
async function stage(end) {
    const emulator = await Emulator.start({ args: ['--node-start', '50'] });
    const project = new Project(emulator).bind();
    const gate = join(project.base, 'gate');
    const source = `import os, time\nwhile not os.path.exists(${JSON.stringify(gate)}): time.sleep(0.05)\n${end}\n`;
    project.script('train.py', source);
    /** @param {Record<string, unknown>} [options] */
    const window = async (options) => {
        const client = new LanguageClient({ env: project.environment, cwd: project.folder });
        client.on('window/showDocument', () => ({ success: true }));
        await client.initialize({ stateDirectory: project.stateFolder, ...options });
        return client;
    };
    /** @param {LanguageClient} client */
    const submit = (client) =>
        client.request('workspace/executeCommand', {
            command: 'azureml.submit',
            arguments: [pathToFileURL(project.path('train.job.json')).href],
        });
    /** Logs what the news name. @param {any} run */
    const logAccuracy = async (run) => {
        const batch = `/mlflow/v2.0${emulator.workspaceId}/api/2.0/mlflow/runs/log-batch`;
        const metrics = [{ key: 'accuracy', value: 0.953, step: 1, timestamp: 1_767_225_600_000 }];
        const { status } = await emulator.arm('POST', batch, { run_id: run.name, metrics });
        assert.equal(status, 200);
    };
    /** @param {LanguageClient[]} clients */
    const end_ = async (...clients) => {
        for (const client of clients) assert.equal((await client.shutDown()).code, 0);
        project.remove();
        await emulator.stop();
    };
    return { project, window, submit, logAccuracy, open: () => project.write('../gate', ''), end: end_ };
}

/** @param {LanguageClient} client @param {any} run */
const ended = (client, run) =>
    client.notified('runs/didChange', ({ runs }) =>
        runs.some((/** @type {any} */ other) => other.id === run.id && other.isFinal),
    );

test('one of two windows tells that a run is over, and shows it', async () => {
    const { window, submit, logAccuracy, open, end } = await stage('print("done")');
    const first = await window();
    const run = await submit(first);
    const second = await window();
    for (const client of [first, second]) {
        client.on('window/showMessageRequest', (params) => isNews(params) && params.actions[0]);
        await client.notified('runs/didChangeSummary', ({ active }) => active === 1);
    }
    await logAccuracy(run);
    open();
    const asked = (/** @type {string} */ method) =>
        [first, second].flatMap(({ requests }) => requests.filter((one) => one.method === method));
    await until(() => asked('ui/showRun').length > 0, 'the run is shown');
    const [news] = asked('window/showMessageRequest').filter(({ params }) => isNews(params));
    assert.match(news?.params.message, /^train completed after .* s · accuracy 0\.953$/);
    assert.deepEqual(news?.params.actions, [{ title: 'Show run' }]);
    assert.deepEqual(asked('ui/showRun')[0]?.params, { id: run.id });
    await Promise.all([first, second].map((one) => ended(one, run)));
    await Promise.all(
        [first, second].map((one) => one.notified('runs/didChangeSummary', ({ text }) => text === undefined)),
    );
    await end(first, second);
    const told = asked('window/showMessageRequest').filter(({ params }) => isNews(params));
    assert.equal(told.length, 1);
});

test('a failure is told with its cause and stays in the status bar until somebody looks', async () => {
    const { window, submit, open, end } = await stage('raise ValueError("no digits")');
    const client = await window();
    client.on('window/showMessageRequest', (params) => isNews(params) && params.actions[0]);
    const run = await submit(client);
    await client.notified('runs/didChangeSummary', ({ text }) => /^train · running/.test(text));
    open();
    const asked = await client.asked('window/showMessageRequest', isNews);
    assert.match(asked.message, /^train failed after .*: ValueError: no digits$/);
    assert.deepEqual(asked.actions, [{ title: 'Show log' }, { title: 'Show run' }]);
    assert.equal(asked.type, 1);
    assert.deepEqual(await client.asked('ui/showRun'), { id: run.id, log: true });
    const { summary } = await client.request('runs/list', { activeOnly: true });
    assert.equal(summary.text, 'train failed');
    assert.equal(summary.background, 'statusBarItem.errorBackground');
    assert.deepEqual(summary.command.arguments, [run.id]);
    await client.request('runs/view', { id: run.id });
    const looked = await client.request('runs/list', { activeOnly: true });
    assert.deepEqual(looked.summary, { active: 0 });
    await end(client);
});

test('nobody is told who does not want to be', async () => {
    const { window, submit, open, end } = await stage('print("done")');
    const client = await window({ runEndNotification: 'failed' });
    const run = await submit(client);
    open();
    await ended(client, run);
    client.notify('workspace/didChangeConfiguration', {
        settings: { azureml: { runEndNotification: 'always' } },
    });
    const next = await submit(client);
    const asked = await client.asked('window/showMessageRequest', isNews);
    assert.match(asked.message, /completed after/);
    await ended(client, next);
    await end(client);
    assert.equal(client.requests.filter(({ params }) => isNews(params)).length, 1);
});

test('what had ended before the session is no news', async () => {
    const { project, window, submit, open, end } = await stage('print("done")');
    const first = await window();
    const run = await submit(first);
    await first.notified('runs/didChangeSummary', ({ text }) => /running/.test(text));
    await first.program.kill('SIGKILL');
    const unattended = await window({
        stateDirectory: join(project.base, 'other'),
        runEndNotification: 'never',
    });
    open();
    const { id } = run;
    for (let revision; ;) {
        const view = await unattended.request(
            'runs/view',
            revision === undefined ? { id } : { id, revision },
        );
        if (view.isFinal) break;
        revision = view.revision;
    }
    const later = await window();
    await ended(later, run);
    // Whatever is told of an end is told before the run is forgotten.
    const again = await submit(later);
    await later.asked('window/showMessageRequest', isNews);
    await ended(later, again);
    await end(later, unattended);
    assert.equal(later.requests.filter(({ params }) => isNews(params)).length, 1);
});
