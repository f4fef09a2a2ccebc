// @ts-check
// A table of runs to show, and a stand-in for the server that knows it.

import { pageTexts } from './page.mjs';
import { answerSeries, answerTable } from './series.mjs';

export const workspaceId =
    '/subscriptions/00000000-0000-0000-0000-000000000001/resourcegroups/ml/providers/microsoft.machinelearningservices/workspaces/vision';
export const tableId = `${workspaceId}#experiments/cell-images`;

/** Numbers that look random and are always the same. @param {number} seed */
function randomFrom(seed) {
    let state = seed;
    return () => {
        state = (state * 1664525 + 1013904223) % 4294967296;
        return state / 4294967296;
    };
}

/** @param {string} group @param {string} title @param {boolean} [isNumber] @param {boolean} [varies] */
export function column(group, title, isNumber = true, varies = true) {
    const prefix = /** @type {Record<string, string>} */ ({
        metric: 'metrics.',
        parameter: 'params.',
        tag: 'tags.',
    });
    return { id: `${prefix[group] ?? ''}${title}`, title, group, isNumber, varies };
}

const nameColumn = { id: 'name', title: 'Name', group: 'run', isNumber: false, varies: true };
const ownColumns = [
    nameColumn,
    { id: 'status', title: 'State', group: 'run', isNumber: false, varies: true },
    { id: 'submitted', title: 'Submitted', group: 'run', isNumber: true, varies: true },
    { id: 'duration', title: 'Duration', group: 'run', isNumber: true, varies: true },
    { id: 'user', title: 'Submitted by', group: 'run', isNumber: false, varies: true },
    { id: 'compute', title: 'Compute', group: 'run', isNumber: false, varies: false },
];

const looks = /** @type {Record<string, string[]>} */ ({
    Completed: ['completed', 'pass-filled', 'charts.green'],
    Failed: ['failed', 'error', 'charts.red'],
    Running: ['running', 'sync~spin', 'charts.blue'],
    Canceled: ['canceled', 'circle-slash', 'descriptionForeground'],
});

/** Runs as people train them. @param {number} count */
export function sampleTable(count = 37) {
    const columns = [
        ...ownColumns,
        column('metric', 'eval/accuracy'),
        column('metric', 'eval/loss'),
        column('metric', 'train/loss'),
        column('parameter', 'augment', false),
        column('parameter', 'batch_size'),
        column('parameter', 'learning_rate'),
        column('parameter', 'optimizer', false),
        column('parameter', 'seed', true, false),
        column('tag', 'dataset', false, false),
    ];
    const random = randomFrom(7);
    const pick = (/** @type {string[]} */ all) => all[Math.floor(random() * all.length)] ?? '';
    const adjectives = ['calm', 'brave', 'olive', 'loyal', 'plucky', 'quiet', 'green', 'lucid'];
    const nouns = ['river', 'cart', 'drum', 'lemon', 'tent', 'kettle', 'guitar', 'engine'];
    const rows = Array.from({ length: count }, (_, index) => {
        const number = count - index;
        const state =
            index < 2
                ? 'Running'
                : pick(['Completed', 'Completed', 'Completed', 'Completed', 'Failed', 'Canceled']);
        const accuracy = 0.78 + 0.2 * random();
        const isDone = state === 'Completed' || state === 'Running';
        const hour = String(23 - (index % 24)).padStart(2, '0');
        const values = {
            'metrics.eval/accuracy': isDone ? accuracy.toFixed(4) : '',
            'metrics.eval/loss': isDone ? (2.1 - 2 * accuracy).toFixed(4) : '',
            'metrics.train/loss': state === 'Canceled' ? '' : (1.9 - 1.8 * accuracy).toFixed(4),
            'params.augment': pick(['true', 'false']),
            'params.batch_size': pick(['64', '128', '256']),
            'params.learning_rate': pick(['0.001', '0.0003', '0.01']),
            'params.optimizer': pick(['adamw', 'sgd', 'lion']),
            'params.seed': '42',
            'tags.dataset': 'cells-2026-10',
            submitted: `2026-11-${String(28 - Math.floor(index / 24)).padStart(2, '0')} ${hour}:12`,
            duration:
                state === 'Running'
                    ? ''
                    : `${12 + Math.floor(40 * random())} min ${Math.floor(60 * random())} s`,
            user: pick(['Wang Fang', 'Anna Schmidt', 'Li Wei']),
            compute: 'gpu-cluster',
        };
        return row(`${pick(adjectives)}_${pick(nouns)}_${number}`, state, values);
    });
    return { title: 'cell-images', columns, rows };
}

/** @param {string} name @param {string} status @param {Record<string, string>} values @param {object} [change] */
export function row(name, status, values, change = {}) {
    const [statusText, statusIcon, statusColor] = looks[status] ?? [status, 'question'];
    const id = `${workspaceId}/jobs/${name}`;
    return {
        id,
        nodeId: `run:${id}`,
        title: name,
        status,
        statusText,
        statusIcon,
        statusColor,
        isFinal: status !== 'Running',
        ...change,
        values: /** @type {Record<string, string>} */ ({ ...values, name, status: String(statusText) }),
    };
}

/** @typedef {ReturnType<typeof row>} Row */

/** A server that knows one table: what the page asks, it answers; `change` shows the page something newer. */
export class RunsServer {
    revision = 1;
    columnsRevision = 1;
    complete = true;
    /** @type {string | undefined} */
    problem = undefined;
    /** @type {Record<string, any>} */
    views = {};
    /** @type {Set<string>} */
    stars = new Set();
    /** Lines by run and metric, for the plots. @type {(run: string) => Map<string, import('./series.mjs').Line>} */
    linesOf = sampleLinesOf;
    /** @type {Set<() => void>} */
    #waiting = new Set();

    /** @param {{ title: string, columns: any[], rows: Row[] }} table */
    constructor(table = sampleTable()) {
        this.table = table;
        /** @type {Record<string, (params: any, signal: AbortSignal) => any>} */
        this.answers = {
            'runs/query': (params, signal) => this.#query(params, signal),
            'runs/series': (params) => answerSeries(this.linesOf(params.id), params),
            'runs/table': ({ id, metric, ...part }) =>
                answerTable(this.linesOf(id).get(metric) ?? { x: [], y: [] }, part),
            'runs/star': ({ id, starred }) => {
                if (starred) this.stars.add(id);
                else this.stars.delete(id);
                return null;
            },
            'views/list': () => this.views,
            'views/keep': ({ name, view }) => {
                const { [name]: _, ...others } = this.views;
                this.views = view === undefined ? others : { ...others, [name]: view };
                return this.views;
            },
        };
    }

    /** Shows the page what was changed. */
    change() {
        this.revision += 1;
        for (const wake of [...this.#waiting]) wake();
    }

    /** @param {any} params @param {AbortSignal} signal */
    async #query(params, signal) {
        while (params.revision === this.revision && !signal.aborted) {
            await new Promise((resolve) => {
                const wake = () => {
                    this.#waiting.delete(wake);
                    resolve(undefined);
                };
                this.#waiting.add(wake);
                signal.addEventListener('abort', wake);
            });
        }
        const { title, columns, rows } = this.table;
        let found = rows;
        let filterProblem;
        try {
            found =
                params.filter === 'starred'
                    ? rows.filter(({ id }) => this.stars.has(id))
                    : filtered(rows, columns, params.filter ?? '');
        } catch (error) {
            filterProblem = /** @type {Error} */ (error).message;
        }
        const sorted = [...(params.sort ?? [])].reverse().reduce(sortedBy, found);
        const pinned = (params.pinned ?? []).flatMap((/** @type {string} */ id) =>
            sorted.filter((one) => one.id === id),
        );
        const ordered = [...new Set([...pinned, ...sorted])];
        const baseline = rows.find(({ id }) => id === params.baseline);
        const shown = ordered.slice(params.offset, params.offset + params.count);
        return {
            title,
            revision: this.revision,
            total: rows.length,
            matching: found.length,
            complete: this.complete,
            ...(this.problem !== undefined && { problem: this.problem }),
            ...(filterProblem !== undefined && { filterProblem }),
            columnsRevision: this.columnsRevision,
            ...(params.columnsRevision !== this.columnsRevision && { columns }),
            rows: shown.map((one) => {
                const { values, ...others } = one;
                const row = this.stars.has(one.id) ? { ...others, starred: true } : others;
                const cells = params.columns.map((/** @type {string} */ id) => values[id] ?? '');
                if (baseline === undefined) return { ...row, cells };
                const differences = params.columns.map((/** @type {string} */ id) =>
                    difference(values[id], baseline.values[id]),
                );
                return { ...row, cells, differences };
            }),
        };
    }
}

/** @param {Row[]} rows @param {{ column: string, descending: boolean }} key */
function sortedBy(rows, { column: id, descending }) {
    const sign = descending ? -1 : 1;
    const order = (/** @type {string} */ a, /** @type {string} */ b) =>
        sign * (Number.isNaN(Number(a) - Number(b)) ? a.localeCompare(b) : Number(a) - Number(b));
    return [...rows].sort((a, b) => {
        const [left = '', right = ''] = [a.values[id], b.values[id]];
        if (left === '' || right === '') return Number(left === '') - Number(right === '');
        return order(left, right);
    });
}

/** @param {Row[]} rows @param {any[]} columns @param {string} filter conditions with one sign each, joined by and */
function filtered(rows, columns, filter) {
    return filter.split(' and ').reduce((found, condition) => {
        const [, name = '', sign = '', value = ''] =
            /^"?([^"=<>!]*?)"? *(=|!=|>=|<=|>|<) *"?([^"]*)"?$/.exec(condition) ?? [];
        if (sign === '') return found.filter(({ title }) => title.includes(condition));
        const column = columns.find(({ id, title }) => [id, title].includes(name));
        if (column === undefined) throw new Error(`There is no column ${name}.`);
        if (column.isNumber && Number.isNaN(Number(value)))
            throw new Error(`${name} has numbers, and ${value} is none.`);
        return found.filter((one) => {
            const own = column.id === 'status' ? one.status : (one.values[column.id] ?? '');
            const compared = column.isNumber ? Number(own) - Number(value) : own.localeCompare(value);
            const isThere = own !== '';
            const is = { '=': compared === 0, '!=': compared !== 0, '>': compared > 0, '<': compared < 0 };
            if (sign === '>=' || sign === '<=')
                return isThere && (sign === '>=' ? compared >= 0 : compared <= 0);
            return isThere && is[/** @type {'=' | '!=' | '>' | '<'} */ (sign)];
        });
    }, rows);
}

/** @param {string | undefined} own @param {string | undefined} baseline */
function difference(own, baseline) {
    const by = Number(own) - Number(baseline);
    if (!own || !baseline || Number.isNaN(by) || by === 0) return '';
    return `${by > 0 ? '+' : ''}${Number(by.toPrecision(4))}`;
}

/** @param {string} run */
function sampleLinesOf(run) {
    const seed = [...run].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
    const random = randomFrom(seed);
    const [speed, noise, best] = [20 + 60 * random(), 0.02 + 0.05 * random(), 0.8 + 0.18 * random()];
    const line = (/** @type {number} */ count, /** @type {(i: number) => number} */ value) => {
        const x = Array.from({ length: count }, (_, index) => index);
        return { x, y: x.map(value) };
    };
    return new Map([
        [
            'eval/accuracy',
            line(40, (i) => best - 0.5 * Math.exp(-i / (speed / 6)) + (random() - 0.5) * noise),
        ],
        ['eval/loss', line(40, (i) => 2.1 - 2 * best + 1.6 * Math.exp(-i / (speed / 5)) + random() * noise)],
        [
            'train/loss',
            line(
                600,
                (i) => 1.9 - 1.8 * best + 2 * Math.exp(-i / (2 * speed)) + (random() - 0.5) * 2 * noise,
            ),
        ],
    ]);
}

/**
 * Opens the table that a server knows, and waits until it shows rows.
 * @param {import('./page.mjs').Pages} pages
 * @param {RunsServer} server
 * @param {Partial<import('./page.mjs').PageOptions> & { waits?: boolean }} [options] `waits`: it shows nothing yet
 */
export async function openRuns(pages, server, { waits = false, ...options } = {}) {
    const texts = pageTexts('runsTexts', options.language);
    const opened = await pages.open('runs', tableId, { answers: server.answers, texts, ...options });
    if (!waits) await opened.page.locator('.grid-row .run-name').first().waitFor();
    return opened;
}

/** Runs a, b, … with the metric "loss" and lines that the test gives. @param {Record<string, import('./series.mjs').Line>} lines @param {object} [change] of the rows */
export function serverOf(lines, change = {}) {
    const names = Object.keys(lines);
    const server = new RunsServer({
        title: 'lines',
        columns: [nameColumn, column('metric', 'loss'), column('metric', 'never')],
        rows: names.map((name) => row(name, 'Completed', { 'metrics.loss': '1' }, change)),
    });
    server.linesOf = (run) => new Map([['loss', lines[run.replace(/^.*\//, '')] ?? { x: [], y: [] }]]);
    return server;
}

/** Selects the first rows. @param {import('./page.mjs').OpenPage} opened @param {number} count */
export async function select({ page }, count) {
    for (let index = 0; index < count; index += 1) await page.locator('.grid-row .mark').nth(index).click();
    await page.locator('.plot canvas').first().waitFor();
}
