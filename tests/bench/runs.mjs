// @ts-check
// What listing, watching, following and submitting runs cost, and how that grows: each is measured
// twice, the second time with twice as much.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { Project } from '../support/project.mjs';
import { percentile, timed } from './measure.mjs';

/** @typedef {import('../support/emulator.mjs').Exchange} Exchange */
/** @typedef {import('./bench.mjs').Measurement} Measurement */

const latencyMs = 20;

/** What the answers hold, before anything compresses them. @param {readonly Exchange[]} exchanges */
function bytesOf(exchanges) {
    return exchanges.reduce((sum, { responseBody: body }) => {
        const isFile = body !== null && typeof body === 'object' && 'sha256' in body;
        return sum + (isFile ? body.length : JSON.stringify(body ?? '').length);
    }, 0);
}

/** @param {Emulator} emulator @param {() => Promise<unknown>} work */
async function counted(emulator, work) {
    const before = emulator.exchanges().length;
    const [, time] = await timed(work);
    return { time, exchanges: emulator.exchanges().slice(before) };
}

/** @param {{ code: number | null, stderr: string }} ended */
function succeeded({ code, stderr }) {
    if (code !== 0) throw new Error(`aml ended with ${code}: ${stderr}`);
}

/** @returns {Promise<Measurement[]>} */
async function listing() {
    const seed = { workspaces: [{ experiments: [{ name: 'large', runs: 5000 }] }] };
    const emulator = await Emulator.start({ seed, args: ['--latency', String(latencyMs)] });
    const project = new Project(emulator).bind();
    const list = (/** @type {number} */ limit) =>
        counted(emulator, async () => succeeded(await project.aml(['jobs', '--limit', String(limit)])));
    const few = await list(20);
    const half = await list(2500);
    const all = await list(5000);
    project.remove();
    await emulator.stop();
    return [
        { what: 'aml jobs, 20 runs: calls', value: few.exchanges.length, unit: '', limit: 7 },
        { what: `aml jobs, 5,000 runs, ${latencyMs} ms away: calls`, value: all.exchanges.length, unit: '' },
        { what: '  received, before compression', value: bytesOf(all.exchanges) / 1e6, unit: 'MB' },
        { what: '  time', value: all.time / 1000, unit: 's' },
        // The pages follow one another, and run history is asked meanwhile.
        {
            what: '  time over that of the pages alone',
            value: all.time / (100 * latencyMs),
            unit: '×',
        },
        { what: '  over 2,500 runs: time', value: all.time / half.time, unit: '×', limit: 3 },
        {
            what: '  over 2,500 runs: calls',
            value: all.exchanges.length / half.exchanges.length,
            unit: '×',
            limit: 2.1,
        },
    ];
}

/** @param {Emulator} emulator @param {string} name @param {string} status */
function savedRun(emulator, name, status, arm = emulator.ready.armEndpoint) {
    const job = `${emulator.workspaceId}/jobs/${name}`;
    const entry = { job, displayName: name, experiment: 'large', status, armEndpoint: arm };
    return /** @type {const} */ ([job.toLowerCase(), entry]);
}

/** @param {Project} project @param {readonly (readonly [string, unknown])[]} entries */
function saveRuns(project, entries) {
    const folder = join(project.stateFolder, 'aml');
    mkdirSync(folder, { recursive: true });
    const text = JSON.stringify({ version: 1, entries: Object.fromEntries(entries) });
    writeFileSync(join(folder, 'watched-runs.json'), text);
}

/** What one question after the state of `count` runs costs. @param {number} count */
async function pollOf(count) {
    const seed = { workspaces: [{ experiments: [{ name: 'large', runs: count }] }] };
    const emulator = await Emulator.start({ seed });
    const project = new Project(emulator).bind();
    const { values } = await project.json(['jobs', '--limit', String(count)]);
    // They have ended; a session that has been away for long does not know.
    saveRuns(
        project,
        values.map(({ name }) => savedRun(emulator, name, 'Queued')),
    );
    const client = new LanguageClient({ env: project.environment });
    const { exchanges } = await counted(emulator, async () => {
        await client.initialize({ stateDirectory: join(project.stateFolder, 'aml') });
        const ended = new Set();
        await client.notified('runs/didChange', ({ runs }) => {
            for (const { id, isFinal } of runs) if (isFinal) ended.add(id);
            return ended.size === count;
        });
    });
    await client.shutDown();
    project.remove();
    await emulator.stop();
    return exchanges.filter(({ url }) => url.includes('/batchrundata'));
}

/** @returns {Promise<Measurement[]>} */
async function watching() {
    const half = await pollOf(500);
    const all = await pollOf(1000);
    return [
        { what: 'asking after 1,000 runs: calls', value: all.length, unit: '', limit: 11 },
        { what: '  received, before compression', value: bytesOf(all) / 1e6, unit: 'MB' },
        { what: '  over 500 runs: received', value: bytesOf(all) / bytesOf(half), unit: '×', limit: 2.2 },
    ];
}

/** @param {Emulator} emulator @param {Project} project @param {number} megabytes */
async function follow(emulator, project, megabytes) {
    // In twenty pieces, a second apart.
    const script = [
        'import sys, time',
        `piece = ("x" * 99 + "\\n") * ${(megabytes * 10_000) / 20}`,
        'for _ in range(20):',
        '    sys.stdout.write(piece)',
        '    sys.stdout.flush()',
        '    time.sleep(1)',
    ];
    project.script('talk.py', `${script.join('\n')}\n`);
    const { exchanges } = await counted(emulator, async () => {
        const { code, stdout, stderr } = await project.aml(['run', 'talk.py', '--follow']);
        succeeded({ code, stderr });
        if (stdout.length < megabytes * 1e6) throw new Error(`Only ${stdout.length} characters of the log.`);
    });
    const blobs = exchanges.filter(({ requestHeaders = {} }) => 'x-ms-range' in requestHeaders);
    return {
        calls: exchanges.length,
        ranges: blobs.length,
        refused: blobs.filter(({ status }) => status === 416).length,
        metrics: exchanges.filter(({ url }) => url.endsWith('/lastvalues')).length,
        read: bytesOf(blobs),
    };
}

/** @returns {Promise<Measurement[]>} */
async function following() {
    const emulator = await Emulator.start();
    const project = new Project(emulator).bind();
    await follow(emulator, project, 1);
    const half = await follow(emulator, project, 25);
    const all = await follow(emulator, project, 50);
    project.remove();
    await emulator.stop();
    return [
        { what: 'following a log of 50 MB: calls', value: all.calls, unit: '', limit: 80 },
        { what: '  ranges read', value: all.ranges, unit: '' },
        { what: '  ranges with nothing in them (416)', value: all.refused, unit: '', limit: 8 },
        { what: '  times the metrics were read', value: all.metrics, unit: '', limit: 2 },
        { what: '  bytes read over bytes printed', value: all.read / 50e6, unit: '×', limit: 1.1 },
        { what: '  over 25 MB: calls', value: all.calls / half.calls, unit: '×', limit: 2.1 },
    ];
}

/** The median of submitting again and again while `count` other runs are followed. @param {number} count */
async function submitBeside(count) {
    const emulator = await Emulator.start();
    const project = new Project(emulator).bind();
    project.script('train.py', 'pass\n');
    // Those of another cloud are saved beside the new ones, and nobody asks after them.
    const elsewhere = Array.from({ length: count }, (_, i) =>
        savedRun(emulator, `elsewhere_${i}`, 'Queued', 'https://management.azure.com'),
    );
    saveRuns(project, elsewhere);
    const client = new LanguageClient({ env: project.environment });
    await client.initialize({ stateDirectory: join(project.stateFolder, 'aml') });
    const uri = pathToFileURL(project.path('train.job.json')).href;
    const times = [];
    for (let round = 0; round < 24; round += 1) {
        const [, time] = await timed(() =>
            client.request('workspace/executeCommand', { command: 'azureml.submit', arguments: [uri] }),
        );
        if (round >= 4) times.push(time);
    }
    await client.shutDown();
    project.remove();
    await emulator.stop();
    return percentile(times, 0.5);
}

/** @returns {Promise<Measurement[]>} */
async function submitting() {
    const first = await submitBeside(0);
    const half = await submitBeside(1000);
    const all = await submitBeside(2000);
    return [
        { what: 'submitting while no other run is followed, median of 20', value: first, unit: 'ms' },
        { what: '  while 1,000 others are', value: half, unit: 'ms' },
        { what: '  while 2,000 others are, over 1,000', value: all / half, unit: '×', limit: 1.5 },
    ];
}

/** @returns {Promise<Measurement[]>} */
export async function measureRuns() {
    return [...(await listing()), ...(await watching()), ...(await following()), ...(await submitting())];
}
