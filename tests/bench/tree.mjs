// @ts-check
// Browsing a tree of 200 workspaces, one of which has an experiment of 20,000 runs.

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { Project } from '../support/project.mjs';
import { residentMegabytes, timed, watchDuring } from './measure.mjs';

const seed = {
    workspaces: [
        { experiments: [{ name: 'large', runs: 20_000 }] },
        { name: 'workspace-{n}', count: 199 },
    ],
};

/** @param {LanguageClient} client */
function browser(client) {
    const children = async (/** @type {any} */ node) => {
        const { nodes } = await client.request('tree/children', node === undefined ? {} : { id: node.id });
        return /** @type {any[]} */ (nodes);
    };
    const isMore = (/** @type {any} */ { command }) => command?.command === 'azureml.loadMore';
    return {
        children,
        /** Presses "Load more…" until `enough` rows are there or no more come. */
        async all(/** @type {any} */ node, enough = Infinity) {
            for (;;) {
                const rows = await children(node);
                const more = rows.find(isMore);
                if (more === undefined || rows.length > enough) return rows.filter((row) => !isMore(row));
                const { command, arguments: args } = more.command;
                await client.request('workspace/executeCommand', { command, arguments: args });
            }
        },
        async named(/** @type {any} */ node, /** @type {string} */ label) {
            const rows = await this.all(node);
            const found = rows.find((row) => row.label === label);
            if (found === undefined) throw new Error(`No row ${label} among ${rows.length}`);
            return found;
        },
    };
}

/** @returns {Promise<import('./bench.mjs').Measurement[]>} */
export async function measureTree() {
    const emulator = await Emulator.start({ seed });
    const project = new Project(emulator);
    const client = new LanguageClient({ env: project.environment });
    await client.initialize({ stateDirectory: project.stateFolder });
    const before = residentMegabytes(client);
    const tree = browser(client);

    const [[subscription], first] = await timed(() => tree.children(undefined));
    const listing = timed(() => tree.all(subscription));
    const whileListing = await watchDuring(client, listing);
    const [workspaces, listed] = await listing;

    const workspace = await tree.named(subscription, emulator.ready.workspace);
    const experiments = await tree.named(workspace, 'Experiments');
    const experiment = await tree.named(experiments, 'large');
    const [, page] = await timed(() => tree.children(experiment));
    const reading = timed(() => tree.all(experiment, 2000));
    const whileReading = await watchDuring(client, reading);
    const [runs, read] = await reading;

    const after = residentMegabytes(client);
    await client.shutDown();
    project.remove();
    await emulator.stop();
    return [
        { what: 'sign in and show the subscriptions', value: first, unit: 'ms' },
        { what: `show ${workspaces.length} workspaces`, value: listed, unit: 'ms' },
        { what: '  slowest other answer meanwhile', value: whileListing.slowest, unit: 'ms', limit: 100 },
        { what: 'first page of 20,000 runs', value: page, unit: 'ms' },
        { what: `${runs.length} runs, page by page`, value: read, unit: 'ms' },
        { what: '  slowest other answer meanwhile', value: whileReading.slowest, unit: 'ms', limit: 100 },
        { what: 'resident memory before', value: before, unit: 'MB' },
        { what: 'resident memory after', value: after, unit: 'MB' },
    ];
}
