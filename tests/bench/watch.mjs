// @ts-check
// What watching runs costs: the server's answers, what they weigh, and what Azure is asked meanwhile. What the pages do with
// them is in watch_pages.mjs, what MLflow's UI and TensorBoard do with the same data in watch_peers.mjs.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { root } from '../support/processes.mjs';
import { percentile, residentMegabytes, timed, watchDuring } from './measure.mjs';
import {
    longLength,
    metric,
    seriesCount,
    seriesLength,
    seriesOf,
    tableColumns,
    tableRuns,
    WatchWorld,
} from './watch_data.mjs';
import { measurePages } from './watch_pages.mjs';
import { measurePeers } from './watch_peers.mjs';

/** @typedef {import('./bench.mjs').Measurement} Measurement */
/** @typedef {import('../support/language_client.mjs').LanguageClient} LanguageClient */

const pixels = 1200;
const trafficSeconds = 60;

/** @returns {Promise<Measurement[]>} */
export async function measureWatch() {
    execFileSync('node', ['client-ts/esbuild.mjs', '--tests'], { cwd: root });
    const world = await WatchWorld.start();
    await world.addRuns('series', [
        ...Array.from({ length: seriesCount }, (_, i) => ({ runId: `series-${i}`, status: 'Completed' })),
        { runId: 'long', status: 'Completed' },
    ]);
    for (let i = 0; i < seriesCount; i += 1) await world.log(`series-${i}`, seriesOf(i));
    await world.log('long', seriesOf(0, longLength));
    const measured = [
        ...bundles(),
        ...(await series(world)),
        ...(await longSeries(world)),
        ...(await table(world)),
        ...(await openedAgain(world)),
        ...(await log(world)),
        ...(await search(world)),
        ...(await measurePages(world)),
    ];
    await world.stop();
    for (const count of [1, 100, 1000]) measured.push(...(await traffic(count)));
    return [...measured, ...(await measurePeers())];
}

/** @returns {Measurement[]} */
function bundles() {
    return ['run', 'runs'].map((name) => {
        const files = ['js', 'css'].map((ending) =>
            readFileSync(join(root, `build/webview/${name}.${ending}`)),
        );
        const value = files.reduce((sum, file) => sum + gzipSync(file).length, 0) / 1000;
        return { what: `page ${name}: code and styles, gzipped`, value, unit: 'KB', limit: 150 };
    });
}

/** @param {unknown} answer */
const kilobytes = (answer) => JSON.stringify(answer).length / 1000;

/** Asks for what a plot of a run's series draws. @param {WatchWorld} world @param {string} run @param {object} [window] */
function plotted(world, run, window = {}) {
    const metrics = [{ metric }];
    const params = { id: world.id(run), axis: 'step', width: pixels, metrics, ...window };
    return world.client.request('runs/series', params);
}

/** @param {WatchWorld} world @returns {Promise<Measurement[]>} */
async function series(world) {
    const names = Array.from({ length: seriesCount }, (_, i) => `series-${i}`);
    const before = residentMegabytes(world.client);
    const [, reading] = await timed(() => Promise.all(names.map((name) => plotted(world, name))));
    const held = residentMegabytes(world.client) - before;
    const times = [];
    let heaviest = 0;
    let most = 0;
    for (let round = 0; round < 50; round += 1) {
        const from = (round * 997) % (seriesLength / 2);
        const window = { from, to: from + seriesLength / 3 };
        const asked = names.map((name) => plotted(world, name, window));
        const [answers, time] = await timed(() => Promise.all(asked));
        times.push(time);
        for (const { series: lines } of answers) {
            heaviest = Math.max(heaviest, kilobytes(lines[0]));
            most = Math.max(most, lines[0].drawn / pixels);
        }
    }
    const of = `${seriesCount} series of ${seriesLength.toLocaleString('en')}`;
    return [
        { what: `${of} read from the service`, value: reading / 1000, unit: 's' },
        { what: '  memory that they take', value: held, unit: 'MB' },
        {
            what: `  a new part of them all, ${pixels} pixels, p95`,
            value: percentile(times, 0.95),
            unit: 'ms',
        },
        { what: '  one of them in the message', value: heaviest, unit: 'KB', limit: 20 },
        { what: '  values for a pixel column', value: most, unit: '', limit: 4.01 },
    ];
}

/** @param {WatchWorld} world @returns {Promise<Measurement[]>} */
async function longSeries(world) {
    const before = residentMegabytes(world.client);
    const [, reading] = await timed(() => plotted(world, 'long'));
    const held = residentMegabytes(world.client) - before;
    const times = [];
    for (let round = 0; round < 50; round += 1) {
        const from = (round * 9973) % (longLength / 2);
        times.push((await timed(() => plotted(world, 'long', { from, to: from + longLength / 3 })))[1]);
    }
    return [
        { what: 'a series of a million read from the service', value: reading / 1000, unit: 's' },
        { what: '  memory that it takes', value: held, unit: 'MB' },
        { what: '  a new part of it, p95', value: percentile(times, 0.95), unit: 'ms', limit: 50 },
    ];
}

/** @param {WatchWorld} world @returns {Promise<Measurement[]>} */
async function table(world) {
    const columns = Array.from({ length: tableColumns }, (_, i) => `column_${i}`);
    const runs = Array.from({ length: tableRuns }, (_, run) => ({
        runId: `table-${run}`,
        status: 'Completed',
        tags: Object.fromEntries(
            columns.map((name, i) => [name, String((run * 7919 + i * 104_729) % 100_003)]),
        ),
    }));
    await world.addRuns('table', runs);
    const id = world.table('table');
    const query = (/** @type {object} */ params) =>
        world.client.request('runs/query', { id, columns: [], offset: 0, count: 40, ...params });
    const [first, opening] = await timed(() => query({}));
    const [, reading] = await timed(async () => {
        for (let answer = first; !answer.complete;) answer = await query({ revision: answer.revision });
    });
    const { columns: all, columnsRevision } = await query({});
    const known = all.map((/** @type {any} */ column) => column.id);
    const shown = known.slice(0, 12);
    const of = (/** @type {string} */ name) => known.find((/** @type {string} */ one) => one.endsWith(name));
    const sorted = [];
    const filtered = [];
    for (let round = 0; round < 30; round += 1) {
        const sort = [{ column: of(`column_${round * 3}`), descending: round % 2 === 0 }];
        sorted.push((await timed(() => query({ columns: shown, columnsRevision, sort })))[1]);
        const filter = `column_${round * 5} > ${50_000 + round}`;
        filtered.push((await timed(() => query({ columns: shown, columnsRevision, filter })))[1]);
    }
    const size = `${tableRuns.toLocaleString('en')} runs of ${tableColumns} columns`;
    return [
        { what: `${size}: the first rows`, value: opening / 1000, unit: 's' },
        { what: '  all of them read', value: (opening + reading) / 1000, unit: 's' },
        { what: '  memory of the server', value: residentMegabytes(world.client), unit: 'MB' },
        { what: '  sorted, with the message, p95', value: percentile(sorted, 0.95), unit: 'ms', limit: 50 },
        {
            what: '  filtered, with the message, p95',
            value: percentile(filtered, 0.95),
            unit: 'ms',
            limit: 50,
        },
    ];
}

/** @param {WatchWorld} world @returns {Promise<Measurement[]>} */
async function openedAgain(world) {
    const view = { id: world.id('series-0') };
    const times = [];
    for (let round = 0; round < 20; round += 1) {
        const look = async () => {
            await world.client.request('runs/view', view);
            await plotted(world, 'series-0');
        };
        times.push((await timed(look))[1]);
    }
    return [
        {
            what: 'a view opened again, with its plot, p95',
            value: percentile(times, 0.95),
            unit: 'ms',
            limit: 150,
        },
    ];
}

/** A log of 200 MB, read from its end. @param {WatchWorld} world @returns {Promise<Measurement[]>} */
async function log(world) {
    const megabytes = 200;
    const script = [
        'import sys',
        'piece = ("x" * 99 + "\\n") * 100_000',
        `for _ in range(${megabytes / 10}):`,
        '    sys.stdout.write(piece)',
    ];
    world.project.script('talk.py', `${script.join('\n')}\n`);
    const submitted = await world.project.json(['run', 'talk.py']);
    const id = world.id(submitted.values.at(-1).name);
    let view = await world.client.request('runs/view', { id });
    while (!view.isFinal) view = await world.client.request('runs/view', { id, revision: view.revision });
    const times = [];
    for (let round = 0; round < 10; round += 1) {
        const params = { id, offset: 0, last: 256 * 1024 };
        times.push((await timed(() => world.client.request('runs/log', params)))[1]);
    }
    return [
        {
            what: `the end of a log of ${megabytes} MB, the first time`,
            value: times[0] ?? NaN,
            unit: 'ms',
            limit: 300,
        },
    ];
}

/** A log of 1 GB, searched for its last line. @param {WatchWorld} world @returns {Promise<Measurement[]>} */
async function search(world) {
    const script = [
        'import sys',
        'piece = "".join(f"2026-01-01 10:00:00 step {i} loss={i * 7919 % 1000} of this epoch\\n" for i in range(200_000))',
        'for _ in range(1_000_000_000 // len(piece)):',
        '    sys.stdout.write(piece)',
        'print("the needle")',
    ];
    world.project.script('long.py', `${script.join('\n')}\n`);
    const submitted = await world.project.json(['run', 'long.py']);
    const id = world.id(submitted.values.at(-1).name);
    let view = await world.client.request('runs/view', { id });
    while (!view.isFinal) view = await world.client.request('runs/view', { id, revision: view.revision });
    const client = world.newClient();
    await world.initialize(client, 'searching');
    const measured = [];
    for (const [what, text] of [
        ['a text', 'the needle'],
        ['an expression', '/(needle|no.*one)$/'],
    ]) {
        client.on('ui/input', () => ({ kind: 'entered', value: text }));
        client.on('ui/pick', async ({ token }) => {
            const isIt = (/** @type {any} */ params) => params.token === token && !params.busy;
            const { items } = await client.notified('ui/didChangePick', isIt);
            if (items.length !== 2) throw new Error(`${items.length - 1} lines were found`);
            return { kind: 'cancelled' };
        });
        const command = { command: 'azureml.log.search', arguments: [id] };
        const look = () => watchDuring(client, client.request('workspace/executeCommand', command));
        const [{ slowest, memory }, time] = await timed(look);
        measured.push(
            { what: `a log of 1 GB searched for ${what}`, value: time / 1000, unit: 's', limit: 2 },
            { what: '  memory of the server at most', value: memory, unit: 'MB', limit: 200 },
            { what: '  slowest answer to another request meanwhile', value: slowest, unit: 'ms' },
        );
    }
    await client.shutDown();
    return measured;
}

/** What Azure is asked in a minute while so many runs go on. @param {number} count @returns {Promise<Measurement[]>} */
async function traffic(count) {
    const world = await WatchWorld.start({ recorded: true });
    const names = Array.from({ length: count }, (_, i) => `going-${i}`);
    await world.addRuns(
        'going',
        names.map((runId) => ({ runId, status: 'Running' })),
    );
    const { client, emulator, project } = world;
    await client.shutDown();
    const folder = join(project.base, 'editor');
    mkdirSync(folder, { recursive: true });
    const armEndpoint = emulator.ready.armEndpoint;
    const entries = names.map((name) => {
        const entry = {
            job: world.id(name),
            displayName: name,
            experiment: 'going',
            status: 'Running',
            armEndpoint,
        };
        return [world.id(name).toLowerCase(), entry];
    });
    writeFileSync(
        join(folder, 'watched-runs.json'),
        JSON.stringify({ version: 1, entries: Object.fromEntries(entries) }),
    );
    world.client = world.newClient();
    await world.initialize(world.client, 'editor');
    await pause(10_000); // Until it is quiet.
    const before = emulator.exchanges().length;
    await pause(trafficSeconds * 1000);
    const exchanges = emulator.exchanges().slice(before);
    const bytes = exchanges.reduce(
        (sum, { responseBody }) => sum + JSON.stringify(responseBody ?? '').length,
        0,
    );
    await world.stop();
    const perMinute = 60 / trafficSeconds;
    return [
        {
            what: `${count} runs that go on: calls in a minute`,
            value: exchanges.length * perMinute,
            unit: '',
        },
        { what: '  received in a minute, before compression', value: (bytes * perMinute) / 1000, unit: 'KB' },
    ];
}
