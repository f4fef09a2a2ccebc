// @ts-check
// What sweeps cost: a sweep of a thousand trials in the tree and in the table, and planning and submitting one, beside
// Microsoft's azure-ai-ml with the same service and the same folder.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { pythonClients } from '../clients/install.mjs';
import { World } from '../clients/world.mjs';
import { binaries, root, until } from '../support/processes.mjs';
import { percentile, residentMegabytes, timed, watchDuring } from './measure.mjs';
import { WatchWorld } from './watch_data.mjs';

/** @typedef {import('./bench.mjs').Measurement} Measurement */

const trialCount = 1000;
const shownRows = 40;
const rounds = 5;
const fileCount = 2000;
const image = 'mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04';
const execute = promisify(execFile);

/** @param {Record<string, unknown>} trial @param {unknown[]} values */
const sweepOf = (trial, values) => ({
    $schema: 'https://azuremlschemas.azureedge.net/latest/sweepJob.schema.json',
    type: 'sweep',
    experiment_name: 'series',
    compute: 'azureml:cpu-cluster',
    sampling_algorithm: 'grid',
    search_space: { rate: { type: 'choice', values } },
    objective: { goal: 'maximize', primary_metric: 'accuracy' },
    trial: { command: 'echo ${{search_space.rate}}', environment: { image }, ...trial },
    limits: { max_total_trials: trialCount, max_concurrent_trials: 4 },
});

/** A sweep that has ended, with so many trials below it. @param {WatchWorld} world @param {number} count */
async function sweepWith(world, count) {
    world.project.write('sweep.job.json', JSON.stringify(sweepOf({}, [1])));
    const { code, values, stderr } = await world.project.json(['run', 'sweep.job.json']);
    if (code !== 0) throw new Error(stderr);
    const name = values.at(-1).name;
    const isOver = async () => (await world.call('GET', world.id(name), undefined)).properties.status === 'Completed';
    await until(isOver, 'the sweep has ended');
    const runs = Array.from({ length: count - 1 }, (_, index) => ({
        runId: `${name}_more_${index}`,
        parentRunId: name,
        displayName: `trial ${index}`,
        status: 'Completed',
        tags: { hyperparameters: JSON.stringify({ rate: index }) },
    }));
    await world.addRuns('series', runs);
    for (const { runId } of runs.slice(0, 50)) await world.log(runId, Float64Array.of(Math.random()));
}

/** What showing so many trials takes. @param {number} count */
async function showing(count) {
    const world = await WatchWorld.start({ recorded: true });
    await sweepWith(world, count);
    const { client, emulator } = world;
    const before = emulator.exchanges().length;
    const children = async (/** @type {string} */ id) => (await client.request('tree/children', { id })).nodes;
    const [sweep] = await children(world.table('series'));
    const isMore = (/** @type {any} */ row) => row.command?.command === 'azureml.loadMore';
    const isTrial = (/** @type {any} */ row) => /^run\.(active|final)$/.test(row.contextValue ?? '');
    const listing = timed(async () => {
        for (;;) {
            const rows = await children(sweep.id);
            const more = rows.find(isMore);
            if (more === undefined) return rows.filter(isTrial).length;
            await client.request('workspace/executeCommand', more.command);
        }
    });
    const whileListing = await watchDuring(client, listing);
    const [listed, treeTime] = await listing;
    if (listed !== count) throw new Error(`The tree has ${listed} trials instead of ${count}`);
    const query = (/** @type {object} */ params) =>
        client.request('runs/query', { id: world.table('series'), columns: [], offset: 0, count: shownRows, ...params });
    const [answer, tableTime] = await timed(async () => {
        for (let last = await query({}); ; last = await query({ revision: last.revision })) if (last.complete) return last;
    });
    // And the sweep itself.
    if (answer.total !== count + 1) throw new Error(`The table has ${answer.total} runs instead of ${count + 1}`);
    const sorted = [];
    for (let round = 0; round < 30; round += 1) {
        const sort = [{ column: round % 2 === 0 ? 'name' : 'created', descending: round % 3 === 0 }];
        sorted.push((await timed(() => query({ columns: ['name', 'status', 'created'], sort })))[1]);
    }
    const calls = emulator.exchanges().length - before;
    const memory = residentMegabytes(client);
    await world.stop();
    return { treeTime, slowest: whileListing.slowest, tableTime, sorted: percentile(sorted, 0.95), calls, memory };
}

/** @returns {Promise<Measurement[]>} */
async function trials() {
    const half = await showing(trialCount / 2);
    const all = await showing(trialCount);
    return [
        { what: '1,000 trials in the tree, page by page', value: all.treeTime, unit: 'ms' },
        { what: '  over 500', value: all.treeTime / half.treeTime, unit: '×', limit: 3 },
        { what: '  slowest other answer meanwhile', value: all.slowest, unit: 'ms', limit: 100 },
        { what: '1,000 trials in the table', value: all.tableTime, unit: 'ms' },
        { what: '  over 500', value: all.tableTime / half.tableTime, unit: '×', limit: 3 },
        { what: '  sorted, with the message, p95', value: all.sorted, unit: 'ms', limit: 50 },
        { what: '  calls for tree and table', value: all.calls, unit: '' },
        { what: '  memory of the server', value: all.memory, unit: 'MB', limit: 100 },
    ];
}

/** The median of some goes, each a program from its start to its end. @param {(round: number) => Promise<unknown>} go */
async function median(go) {
    const times = [];
    for (let round = 0; round < rounds; round += 1) times.push((await timed(() => go(round)))[1]);
    return percentile(times, 0.5);
}

/** @returns {Promise<Measurement[]>} */
async function besideTheirs() {
    const world = await World.start();
    const project = world.project();
    for (let file = 0; file < fileCount; file += 1)
        project.write(`src/part_${file % 20}/file_${file}.py`, `print(${file})\n`.repeat(20));
    project.write('sweep.job.json', JSON.stringify(sweepOf({ code: 'src' }, [1, 2])));
    const job = project.path('sweep.job.json');
    const ours = (/** @type {string[]} */ ...args) =>
        execute(join(binaries, 'aml'), args, { cwd: project.folder, env: { ...project.environment } });
    const theirs = (/** @type {string[]} */ ...args) =>
        execute(pythonClients('azure-ai-ml'), [join(root, 'tests/bench/sweeps_peer.py'), ...args], {
            cwd: project.folder,
            env: { ...process.env, ...world.environment },
        });
    // Both with the code in the workspace, then each with a change of its own before every go.
    await theirs('submit', job);
    await ours('run', job);
    const change = (/** @type {number} */ round) => project.write('src/changed.py', `print(${round}, ${Date.now()})\n`);
    const plan = await median(() => ours('run', job, '--plan'));
    const theirPlan = await median(() => theirs('plan', job));
    const submit = await median(() => ours('run', job));
    const theirSubmit = await median(() => theirs('submit', job));
    const changed = await median(async (round) => {
        change(round);
        await ours('run', job);
    });
    const theirChanged = await median(async (round) => {
        change(round);
        await theirs('submit', job);
    });
    await world.stop();
    const of = `a sweep with ${fileCount.toLocaleString('en')} files of code`;
    return [
        { what: `${of}: planned`, value: plan, unit: 'ms' },
        { what: '  azure-ai-ml, which reads and hashes the same files', value: theirPlan, unit: 'ms' },
        { what: '  ours over theirs', value: plan / theirPlan, unit: '×', limit: 1 },
        { what: `${of}: submitted`, value: submit, unit: 'ms' },
        { what: '  azure-ai-ml', value: theirSubmit, unit: 'ms' },
        { what: '  ours over theirs', value: submit / theirSubmit, unit: '×', limit: 1 },
        { what: `${of}: submitted after a change`, value: changed, unit: 'ms' },
        { what: '  azure-ai-ml', value: theirChanged, unit: 'ms' },
        { what: '  ours over theirs', value: changed / theirChanged, unit: '×', limit: 1 },
    ];
}

/** @returns {Promise<Measurement[]>} */
export async function measureSweeps() {
    return [...(await trials()), ...(await besideTheirs())];
}
