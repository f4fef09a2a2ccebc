// @ts-check
// What the benchmark of watching runs looks at: a workspace of the emulator with twenty runs of long series, one run with
// a very long one, and a table of very many runs.

import { join } from 'node:path';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { Project } from '../support/project.mjs';

export const seriesCount = 20;
export const seriesLength = 100_000;
export const longLength = 1_000_000;
export const tableRuns = 10_000;
export const tableColumns = 500;
export const metric = 'loss';

const rowsOfCall = 10_000;
const runsOfCall = 100;
const began = Date.UTC(2026, 0, 1);

/** Numbers that look random and are always the same. @param {number} seed */
function randomFrom(seed) {
    let state = seed + 1;
    return () => {
        state = (state * 1664525 + 1013904223) % 4294967296;
        return state / 4294967296;
    };
}

/** A noisy line that falls. @param {number} seed @param {number} length */
export function seriesOf(seed, length = seriesLength) {
    const random = randomFrom(seed);
    return Float64Array.from({ length }, (_, i) => {
        const trend = 2 * Math.exp((-4 * i) / length) + seed * 0.05;
        return Math.round((trend + 0.2 * random()) * 1e6) / 1e6;
    });
}

/** An emulator with such runs, and a server that shows them. */
export class WatchWorld {
    /** @param {Emulator} emulator */
    constructor(emulator) {
        this.emulator = emulator;
        this.project = new Project(emulator).bind();
        this.client = this.newClient();
    }

    /** @param {{ recorded?: boolean }} [options] */
    static async start({ recorded = false } = {}) {
        const experiments = ['series', 'table', 'going'].map((name) => ({ name, runs: 0 }));
        const seed = { workspaces: [{ computes: [{ name: 'cpu-cluster' }], experiments }] };
        const args = ['--node-start', '50'];
        const world = new WatchWorld(await Emulator.start({ seed, args, recorded }));
        await world.initialize(world.client, 'editor');
        return world;
    }

    /** A server of its own. */
    newClient() {
        const client = new LanguageClient({ env: this.project.environment, cwd: this.project.folder });
        client.on('window/showDocument', () => ({ success: true }));
        return client;
    }

    /** @param {LanguageClient} client @param {string} name of the folder with its state */
    initialize(client, name) {
        return client.initialize({ stateDirectory: join(this.project.base, name) });
    }

    async stop() {
        await this.client.shutDown();
        this.project.remove();
        await this.emulator.stop();
    }

    /** Resource id of a run. @param {string} name */
    id(name) {
        return `${this.emulator.workspaceId}/jobs/${name}`;
    }

    /** Row of an experiment in the tree, which its table of runs goes by. @param {string} experiment */
    table(experiment) {
        return `${this.emulator.workspaceId.toLowerCase()}#experiments/${experiment}`;
    }

    /** @param {string} method @param {string} path @param {unknown} body */
    async call(method, path, body) {
        const answer = await this.emulator.arm(method, path, body);
        if (answer.status >= 300)
            throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
        return answer.body;
    }

    /**
     * Makes runs that have no job, as scripts outside of Azure do.
     * @param {string} experiment
     * @param {readonly { runId: string, status?: string, tags?: Record<string, string> }[]} runs
     */
    async addRuns(experiment, runs) {
        const path = `/history/v1.0${this.emulator.workspaceId}/experiments/${experiment}`;
        for (let first = 0; first < runs.length; first += runsOfCall)
            await this.call('PATCH', `${path}/batch/runs`, { runs: runs.slice(first, first + runsOfCall) });
    }

    /** Logs a series to a run. @param {string} run @param {Float64Array} values @param {number} [firstStep] */
    async log(run, values, firstStep = 0) {
        const path = `/metric/v2.0${this.emulator.workspaceId}/runs/${run}/batch`;
        for (let first = 0; first < values.length; first += rowsOfCall) {
            const value = Array.from(values.subarray(first, first + rowsOfCall), (number, index) => ({
                step: firstStep + first + index,
                createdUtc: new Date(began + (firstStep + first + index) * 100).toISOString(),
                data: { [metric]: number },
            }));
            await this.call('POST', path, {
                values: [{ name: metric, columns: { [metric]: 'Double' }, value }],
            });
        }
    }
}
