// @ts-check
// A run to show, with everything a page about a run can have, and a stand-in for the server that knows it.

import { pageTexts } from './page.mjs';
import { answerSeries, answerTable, encodeNumbers } from './series.mjs';

export const runId =
    '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/ml/providers/Microsoft.MachineLearningServices/workspaces/vision/jobs/calm_river_7x2k';

/** Numbers that look random and are always the same. */
function randomFrom(seed) {
    let state = seed;
    return () => {
        state = (state * 1664525 + 1013904223) % 4294967296;
        return state / 4294967296;
    };
}

/** @param {number} count @param {(i: number, random: () => number) => number} value @param {number} seed */
function lineOf(count, value, seed) {
    const random = randomFrom(seed);
    const x = Array.from({ length: count }, (_, index) => index);
    return { x, y: x.map((index) => value(index, random)) };
}

/** @returns {Map<string, import('./series.mjs').Line>} */
export function sampleLines() {
    const loss = (/** @type {number} */ i, /** @type {() => number} */ random) =>
        2.2 * Math.exp(-i / 300) + 0.12 + (random() - 0.5) * 0.18;
    return new Map([
        ['epoch/duration', lineOf(24, (i, random) => 61 + 3 * random(), 9)],
        ['eval/accuracy', lineOf(24, (i, random) => 0.97 - 0.5 * Math.exp(-i / 5) + random() * 0.01, 3)],
        ['eval/loss', lineOf(24, (i, random) => 0.3 + 1.6 * Math.exp(-i / 6) + random() * 0.03, 4)],
        [
            'train/gradient_norm',
            {
                ...lineOf(
                    900,
                    (i, random) => (i > 811 && i < 818 ? NaN : 4 * Math.exp(-i / 400) + random()),
                    5,
                ),
                note: 'NaN from step 812 on',
            },
        ],
        ['train/learning_rate', lineOf(1200, (i) => 1e-3 * 0.5 * (1 + Math.cos((i / 1200) * Math.PI)), 6)],
        ['train/loss', lineOf(12_000, loss, 1)],
        ['test/accuracy', lineOf(1, () => 0.9731, 7)],
    ]);
}

/** @param {Map<string, import('./series.mjs').Line>} lines */
export function metricsOf(lines, revision = 1) {
    return [...lines]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { y }]) => ({
            name,
            kind: 'scalar',
            value: String(Number((y.at(-1) ?? NaN).toPrecision(5))),
            columns: [name],
            revision,
        }));
}

/** @param {Map<string, import('./series.mjs').Line>} lines @param {object} [change] */
export function runningView(lines, change = {}) {
    const minutes = (/** @type {number} */ ago) => new Date(Date.now() - ago * 60_000).toISOString();
    return {
        id: runId,
        revision: 1,
        nodeId: `run:${runId}`,
        name: 'calm_river_7x2k',
        title: 'resnet50-augmented',
        experiment: 'cell-images',
        workspace: 'vision',
        status: 'Running',
        statusText: 'running',
        statusIcon: 'sync~spin',
        statusColor: 'charts.blue',
        isFinal: false,
        facts: [
            { name: 'Compute', text: 'gpu-cluster (Standard_NC24ads_A100_v4)' },
            { name: 'Submitted by', text: 'Wang Fang' },
            { name: 'Submitted', text: 'Today at 14:02' },
            { name: 'Environment', text: 'pytorch-2.4-cuda-12:7' },
        ],
        stages: [
            {
                name: 'Queued',
                state: 'done',
                startedAt: minutes(42),
                endedAt: minutes(41),
                duration: '48 s',
                usual: '1 min',
            },
            {
                name: 'Preparing',
                state: 'done',
                startedAt: minutes(41),
                endedAt: minutes(36),
                duration: '5 min 12 s',
                usual: '2 min',
                text: 'The image was built anew.',
            },
            { name: 'Running', state: 'active', startedAt: minutes(36), usual: '55 min', usualMs: 3_300_000 },
            { name: 'Finalizing', state: 'ahead' },
        ],
        warnings: [],
        parameters: [
            { name: 'augment', text: 'true' },
            { name: 'batch_size', text: '256' },
            { name: 'learning_rate', text: '0.001' },
            { name: 'optimizer', text: 'AdamW(betas=(0.9, 0.999), weight_decay=0.01)' },
        ],
        tags: [
            { name: 'dataset', text: 'cells-2026-10' },
            { name: 'git.commit', text: '4be1f0a' },
        ],
        metrics: [
            ...metricsOf(lines),
            {
                name: 'confusion',
                kind: 'table',
                value: '',
                columns: ['class', 'precision', 'recall', 'support'],
                revision: 1,
            },
        ],
        images: [
            {
                name: 'predictions',
                steps: [0, 5, 10, 15].map((step) => ({ step, path: `images/predictions_${step}.png` })),
            },
            { name: 'roc curve', steps: [{ path: 'images/roc.png' }] },
        ],
        logged: [
            { name: 'classes', kind: 'chart', path: 'classes', revision: 1 },
            { name: 'curves', kind: 'chart', path: 'curves', revision: 1 },
            { name: 'residuals', kind: 'chart', path: 'residuals', revision: 1 },
            { name: 'tables/examples.json', kind: 'table', path: 'tables/examples.json', revision: 1 },
        ],
        files: [
            'outputs/model.onnx',
            'outputs/report.txt',
            'outputs/checkpoints/epoch-20.pt',
            'images/roc.png',
        ].map((name) => ({ path: name })),
        moreFiles: 0,
        logs: ['user_logs/std_log.txt', 'system_logs/lifecycler/execution-wrapper.log'],
        configuration: JSON.stringify(
            { type: 'command', command: 'python train.py --epochs 40' },
            undefined,
            2,
        ),
        portalUrl: 'https://ml.azure.com/runs/calm_river_7x2k',
        script: 'file:///home/fang/cells/train.py',
        ...change,
    };
}

/** @param {Map<string, import('./series.mjs').Line>} lines */
export function failedView(lines) {
    return runningView(lines, {
        title: 'resnet50-augmented',
        status: 'Failed',
        statusText: 'failed',
        statusIcon: 'error',
        statusColor: 'charts.red',
        isFinal: true,
        stages: [
            { name: 'Queued', state: 'done', duration: '48 s', usual: '1 min' },
            { name: 'Preparing', state: 'done', duration: '5 min 12 s', usual: '2 min' },
            { name: 'Running', state: 'failed', duration: '36 min', usual: '55 min' },
        ],
        warnings: ['25 metric values were rejected because they came too fast.'],
        failure: {
            title: 'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB',
            text: 'Traceback (most recent call last):\n  File "train.py", line 88, in <module>\n    main()\n…',
            advice: 'Lower batch_size (now 256), or take a compute whose GPU has more memory.',
            frames: [
                {
                    path: 'train.py',
                    line: 88,
                    function: '<module>',
                    code: 'main()',
                    uri: 'file:///home/fang/cells/train.py',
                },
                {
                    path: '/mnt/azureml/cr/j/5f0c/exe/wd/cells/model.py',
                    line: 41,
                    function: 'forward',
                    code: 'x = self.layer3(x)',
                    uri: 'file:///home/fang/cells/cells/model.py',
                },
                {
                    path: '/opt/conda/lib/python3.11/site-packages/torch/nn/modules/conv.py',
                    line: 554,
                    function: 'forward',
                    code: 'return self._conv_forward(input, self.weight, self.bias)',
                },
            ],
            log: 'user_logs/std_log.txt',
        },
    });
}

/** A picture, 120 by 80 pixels: an SVG, which an image shows and never runs. @param {string} text */
export function picture(text) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160"><rect width="240" height="160" fill="#3b6ea5"/><circle cx="90" cy="80" r="42" fill="#e8b04a"/><circle cx="150" cy="90" r="30" fill="#d0574b"/><text x="12" y="150" fill="#fff" font-family="sans-serif" font-size="14">${text}</text></svg>`;
    return { kind: 'image', size: svg.length, complete: true, mediaType: 'image/svg+xml', data: btoa(svg) };
}

/** @param {string} name @param {readonly number[]} y @param {readonly number[]} [x] @param {readonly number[]} [spread] */
export function chartLine(name, y, x = [], spread) {
    const numbers = { x: encodeNumbers(x), y: encodeNumbers(y) };
    return { name, ...numbers, ...(spread && { spread: encodeNumbers(spread) }) };
}

/** @param {readonly string[]} labels @param {(row: number, column: number) => number} value */
export function matrixOf(labels, value) {
    const lines = labels.map((name, row) =>
        chartLine(
            name,
            labels.map((_, column) => value(row, column)),
        ),
    );
    return { title: '', kind: 'matrix', xTitle: 'Predicted', yTitle: 'True', lines };
}

/** @type {Record<string, readonly object[]>} what files of this name say */
const charts = {
    classes: [
        matrixOf(['red cell', 'white cell', 'platelet'], (row, column) =>
            row === column ? 240 - 70 * row : 3 + 4 * row + column,
        ),
    ],
    curves: [
        {
            title: 'ROC curve',
            kind: 'lines',
            xTitle: 'False positive rate',
            yTitle: 'True positive rate',
            lines: [
                chartLine('red cell', [1, 0.97, 0.91, 0.72, 0], [1, 0.4, 0.14, 0.03, 0]),
                chartLine('platelet', [1, 0.9, 0.8, 0.6, 0], [1, 0.5, 0.2, 0.07, 0]),
            ],
        },
        {
            title: 'Predicted and true values',
            kind: 'lines',
            xTitle: 'True value',
            yTitle: 'Predicted value',
            lines: [
                chartLine('Average', [0.4, 1.6, 2.4], [0.5, 1.5, 2.5], [0.1, 0.2, 0.15]),
                chartLine('As it is', [0, 3], [0, 3]),
            ],
        },
    ],
    residuals: [
        {
            title: '',
            kind: 'bars',
            xTitle: 'Residual',
            yTitle: 'Count',
            lines: [chartLine('Count', [2, 11, 24, 9, 1], [-2, -1, -0.25, 0.25, 1, 2])],
        },
    ],
};

/** A server that knows one run: what the page asks, it answers; `change` shows the page something newer. */
export class RunServer {
    /** @type {Set<() => void>} */
    #waiting = new Set();

    /** @param {any} view @param {Map<string, import('./series.mjs').Line>} [lines] */
    constructor(view, lines = sampleLines()) {
        this.view = view;
        this.lines = lines;
        /** @type {Record<string, (params: any, signal: AbortSignal) => any>} */
        this.answers = {
            'runs/view': (params, signal) => this.#view(params, signal),
            'runs/series': (params) => answerSeries(this.lines, params),
            'runs/table': (params) => this.#table(params),
            'runs/file': ({ path: name }) => this.file(name),
        };
    }

    /** @param {object} change */
    change(change) {
        this.view = { ...this.view, ...change, revision: this.view.revision + 1 };
        for (const wake of [...this.#waiting]) wake();
    }

    /** @param {string} name @returns {object} */
    file(name) {
        const drawn = charts[name];
        if (drawn !== undefined) return { kind: 'chart', size: 2048, complete: true, charts: drawn };
        if (name.endsWith('.png')) return picture(name.replace(/^.*\//, ''));
        if (/\.(txt|log)$/.test(name))
            return { kind: 'text', size: 61, complete: true, text: `The first line of ${name}\n` };
        return { kind: 'binary', size: 102_400_000, complete: false };
    }

    /** @param {{ revision?: number }} params @param {AbortSignal} signal */
    async #view({ revision }, signal) {
        while (revision === this.view.revision && !signal.aborted) {
            await new Promise((resolve) => {
                const wake = () => {
                    this.#waiting.delete(wake);
                    resolve(undefined);
                };
                this.#waiting.add(wake);
                signal.addEventListener('abort', wake);
            });
        }
        return this.view;
    }

    /** @param {any} params */
    #table(params) {
        if (params.path !== undefined) return examples(params);
        const line = this.lines.get(params.metric);
        if (line !== undefined) return answerTable(line, params);
        const classes = ['red cell', 'white cell', 'platelet', 'background'];
        const rows = classes.map((name, index) => ({
            cells: [name, String(0.91 + index / 50), String(0.88 + index / 40), String(1200 - 310 * index)],
        }));
        const columns = ['class', 'precision', 'recall', 'support'];
        return { columns, rows: rows.slice(params.offset, params.offset + params.count), total: rows.length };
    }
}

/** The rows of a table in a file: a hundred thousand. @param {{ offset: number, count: number }} params */
function examples({ offset, count }) {
    const total = 100_000;
    const rows = Array.from({ length: Math.max(0, Math.min(count, total - offset)) }, (_, index) => ({
        cells: [`image ${offset + index}`, String((offset + index) % 3)],
    }));
    return { columns: ['input', 'class'], rows, total };
}

/**
 * Opens the page about a run that a server knows, and waits until it shows it.
 * @param {import('./page.mjs').Pages} pages
 * @param {RunServer} server
 * @param {Partial<import('./page.mjs').PageOptions> & { waits?: boolean }} [options] `waits`: it shows nothing yet
 */
export async function openRun(pages, server, { waits = false, ...options } = {}) {
    const texts = pageTexts('runTexts', options.language);
    const opened = await pages.open('run', runId, { answers: server.answers, texts, ...options });
    if (!waits) await opened.page.locator('header h1').waitFor();
    return opened;
}
