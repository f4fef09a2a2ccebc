// @ts-check
// "Load more…" to the end of an experiment of 10,000 runs and of one of twice as many: a page has to cost a page.

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { Project } from '../support/project.mjs';
import { percentile, residentMegabytes, timed } from './measure.mjs';

const sizes = [10_000, 20_000];
const seed = { workspaces: [{ experiments: sizes.map((runs) => ({ name: `runs_${runs}`, runs })) }] };

/**
 * Presses "Load more…" until the list ends, and keeps the rows as the VS Code client does.
 * @param {LanguageClient} client
 * @param {string} list
 */
async function readAll(client, list) {
    const { nodes } = await client.request('tree/children', { id: list });
    let rows = /** @type {any[]} */ (nodes).map(({ id }) => id);
    const more = `${list}#more`;
    /** @type {{ time: number, bytes: number }[]} */
    const pages = [];
    while (rows.at(-1) === more) {
        const before = client.notifications.length;
        const press = { command: 'azureml.loadMore', arguments: [list] };
        const [, time] = await timed(() => client.request('workspace/executeCommand', press));
        const change = client.notifications
            .slice(before)
            .find(({ method, params }) => method === 'tree/didChange' && params.lists !== undefined)?.params;
        if (change === undefined) throw new Error(`After ${rows.length} rows nothing told of new ones.`);
        for (const { removed = [], nodes: added } of change.lists) {
            if (removed.length > 0) rows = rows.filter((id) => !removed.includes(id));
            rows.push(.../** @type {any[]} */ (added).map(({ id }) => id));
        }
        pages.push({ time, bytes: Buffer.byteLength(JSON.stringify(change)) });
    }
    return { rows: rows.length, pages };
}

/** @param {{ time: number, bytes: number }[]} pages */
function typical(pages) {
    return percentile(
        pages.map(({ time }) => time),
        0.5,
    );
}

/** @returns {Promise<import('./bench.mjs').Measurement[]>} */
export async function measureLoadMore() {
    const emulator = await Emulator.start({ seed });
    const project = new Project(emulator);
    const client = new LanguageClient({ env: project.environment });
    await client.initialize({ stateDirectory: project.stateFolder });
    const before = residentMegabytes(client);
    const named = async (/** @type {string | undefined} */ id, /** @type {string} */ label) => {
        const { nodes } = await client.request('tree/children', id === undefined ? {} : { id });
        const found = /** @type {any[]} */ (nodes).find((node) => node.label === label);
        if (found === undefined) throw new Error(`No row ${label} among ${nodes.length}`);
        return found.id;
    };
    const { nodes: top } = await client.request('tree/children', {});
    const workspace = await named(top[0].id, emulator.ready.workspace);
    const experiments = await named(workspace, 'Experiments');
    /** @type {{ rows: number, pages: { time: number, bytes: number }[] }[]} */
    const read = [];
    for (const runs of sizes) {
        const list = await named(experiments, `runs_${runs}`);
        read.push(await readAll(client, list));
    }
    const after = residentMegabytes(client);
    await client.shutDown();
    project.remove();
    await emulator.stop();
    const [half, whole] = read;
    if (half === undefined || whole === undefined) throw new Error('Two lists were to be read.');
    const last = whole.pages.slice(-10);
    const most = Math.max(...whole.pages.map(({ bytes }) => bytes));
    const total = whole.pages.reduce((sum, { time }) => sum + time, 0);
    return [
        {
            what: `Load more, the first ten of ${whole.rows} runs`,
            value: typical(whole.pages.slice(0, 10)),
            unit: 'ms',
        },
        { what: 'Load more, the last ten', value: typical(last), unit: 'ms' },
        {
            what: 'the last ten pages of twice the runs, against the last of the half',
            value: typical(last) / typical(half.pages.slice(-10)),
            unit: '×',
            limit: 1.5,
        },
        { what: 'most bytes to the client for one page', value: most / 1000, unit: 'KB', limit: 100 },
        { what: `all ${whole.pages.length} pages`, value: total / 1000, unit: 's' },
        { what: 'resident memory before', value: before, unit: 'MB' },
        { what: 'resident memory with all rows of both', value: after, unit: 'MB' },
    ];
}
