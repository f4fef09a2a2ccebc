// @ts-check
// The table of an experiment's runs, as an editor asks for it: filtered, sorted, compared with a baseline, and live.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

test('the runs of an experiment are a table', async () => {
    const emulator = await Emulator.start({ args: ['--node-start', '50'] });
    const project = new Project(emulator).bind();
    project.script('train.py', 'print("trained")\n');
    const batch = `/mlflow/v2.0${emulator.workspaceId}/api/2.0/mlflow/runs/log-batch`;
    /** @param {string} name @param {number} accuracy @param {string} rate */
    const log = async (name, accuracy, rate) => {
        const body = {
            run_id: name,
            metrics: [{ key: 'accuracy', value: accuracy, timestamp: 0 }],
            params: [{ key: 'rate', value: rate }],
            tags: [{ key: 'team', value: 'vision' }],
        };
        assert.equal((await emulator.arm('POST', batch, body)).status, 200);
    };
    const names = [];
    for (const [accuracy, rate] of /** @type {const} */ ([
        [0.5, '0.1'],
        [0.9, '0.01'],
        [0.7, '1'],
    ])) {
        const run = await project.json(['run', 'train.job.json', '--follow']);
        assert.equal(run.code, 0, run.stderr);
        const { name } = run.values.at(-1);
        await log(name, accuracy, rate);
        names.push(name);
    }
    const sorted = await project.aml([
        'jobs',
        '--experiment',
        'e2e',
        '--filter',
        'accuracy > 0.6',
        '--sort',
        'accuracy',
    ]);
    assert.equal(sorted.code, 0, sorted.stderr);
    assert.deepEqual(
        sorted.stdout
            .trim()
            .split('\n')
            .map((line) => line.split(/ {2,}/)),
        [
            ['NAME', 'DISPLAY NAME', 'STATUS', 'accuracy'],
            [names[1], 'train', 'Completed', '0.9'],
            [names[2], 'train', 'Completed', '0.7'],
        ],
    );
    const listed = await project.json([
        'jobs',
        '--columns',
        'rate, team',
        '--sort',
        'rate',
        '--ascending',
        '--limit',
        '2',
    ]);
    assert.deepEqual(
        listed.values.map(({ name, columns }) => [name, columns]),
        [
            [names[1], { 'params.rate': '0.01', 'tags.team': 'vision' }],
            [names[0], { 'params.rate': '0.1', 'tags.team': 'vision' }],
        ],
    );
    const none = await project.aml(['jobs', '--filter', 'nowhere']);
    assert.match(none.stderr, /No run has this\./);
    const wrongSort = await project.aml(['jobs', '--sort', 'speed']);
    assert.equal(wrongSort.code, 1);
    assert.match(wrongSort.stderr, /The runs have no column speed/);

    const client = new LanguageClient({ env: project.environment, cwd: project.folder });
    client.on('window/showDocument', () => ({ success: true }));
    await client.initialize({ stateDirectory: join(project.base, 'editor') });
    const id = `${emulator.workspaceId}#experiments/e2e`;
    const columns = ['metrics.accuracy', 'params.rate', 'status'];
    /** @param {Record<string, unknown>} [more] */
    const query = (more = {}) => client.request('runs/query', { id, columns, offset: 0, count: 50, ...more });
    /** The first answer that fits. @param {(table: any) => boolean} fits @param {Record<string, unknown>} [more] */
    const answered = async (fits, more) => {
        for (let revision; ;) {
            const table = await query({ ...more, ...(revision === undefined ? {} : { revision }) });
            if (fits(table)) return table;
            revision = table.revision;
        }
    };
    const nameOf = (/** @type {any} */ row) => row.id.split('/').at(-1);

    const all = await answered(({ complete }) => complete);
    assert.equal(all.title, 'e2e');
    assert.deepEqual(all.rows.map(nameOf), [...names].reverse());
    assert.deepEqual(
        all.rows.map((/** @type {any} */ { cells }) => cells),
        [
            ['0.7', '1', 'completed'],
            ['0.9', '0.01', 'completed'],
            ['0.5', '0.1', 'completed'],
        ],
    );
    const varying = all.columns.filter((/** @type {any} */ { varies, group }) => varies && group !== 'run');
    assert.deepEqual(
        varying.map((/** @type {any} */ column) => column.id),
        ['metrics.accuracy', 'params.rate'],
    );
    assert.ok(all.columns.some((/** @type {any} */ column) => column.id === 'tags.team'));
    assert.ok(!all.columns.some((/** @type {any} */ column) => column.id.startsWith('tags.mlflow')));

    const found = await query({ filter: 'accuracy > 0.6', sort: [{ column: 'rate', descending: false }] });
    assert.deepEqual(found.rows.map(nameOf), [names[1], names[2]]);
    assert.deepEqual([found.total, found.matching], [3, 2]);
    const second = await query({ offset: 1, count: 1 });
    assert.deepEqual(second.rows.map(nameOf), [names[1]]);
    const wrong = await query({ filter: 'accuracy > high' });
    assert.equal(wrong.filterProblem, 'accuracy has numbers, and high is none.');
    assert.equal(wrong.rows.length, 3);
    const compared = await query({ baseline: `${emulator.workspaceId}/jobs/${names[0]}` });
    assert.deepEqual(
        compared.rows.map((/** @type {any} */ { differences }) => differences),
        [
            ['+0.2', '+0.9', ''],
            ['+0.4', '-0.09', ''],
            ['', '', ''],
        ],
    );
    const starred = `${emulator.workspaceId}/jobs/${names[0]}`;
    await client.request('runs/star', { id: starred, starred: true });
    const withStar = await query({ filter: 'starred' });
    assert.deepEqual(
        withStar.rows.map((/** @type {any} */ row) => [nameOf(row), row.starred]),
        [[names[0], true]],
    );
    const pinned = await query({ pinned: [starred], sort: [{ column: 'accuracy', descending: true }] });
    assert.deepEqual(pinned.rows.map(nameOf), [names[0], names[1], names[2]]);
    const other = new LanguageClient({ env: project.environment, cwd: project.folder });
    await other.initialize({ stateDirectory: join(project.base, 'editor') });
    const there = await other.request('runs/query', { id, columns, offset: 0, count: 9, filter: 'starred' });
    assert.equal(there.matching, 1, 'another window knows the star');
    await other.shutDown();
    await client.request('runs/star', { id: starred, starred: false });
    assert.equal((await query({ filter: 'starred' })).matching, 0);
    assert.equal((await query({ columnsRevision: all.columnsRevision })).columns, undefined);

    const configuration = pathToFileURL(project.path('train.job.json')).href;
    const fourth = await client.request('workspace/executeCommand', {
        command: 'azureml.submit',
        arguments: [configuration],
    });
    await answered(({ rows }) => nameOf(rows[0]) === fourth.name && rows[0].status === 'Completed');
    await log(fourth.name, 0.95, '3');
    await answered(({ rows }) => rows[0].cells[0] === '0.95');

    await assert.rejects(
        client.request('runs/query', { id: 'x', columns, offset: 0, count: 1 }),
        /\/params\/id/,
    );
    await client.shutDown();
    project.remove();
    await emulator.stop();
});
