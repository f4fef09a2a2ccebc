// @ts-check
// Whatever scripts log with azureml-core and MLflow, unmodified, is shown on the page about their run: what the server
// says of it, and the page itself in Chromium, asking that server.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns, root, until } from '../support/processes.mjs';
import { Pages, pageTexts } from '../webview/page.mjs';
import { World } from './world.mjs';

after(killWhatRuns);

const screenshots = join(root, 'build/screenshots');

/** @param {string} base64 */
function numbers(base64) {
    const bytes = Buffer.from(base64, 'base64');
    return [...new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))];
}

describe('what scripts log is shown', () => {
    /** @type {World} */
    let world;
    /** @type {LanguageClient} */
    let client;
    /** @type {Pages} */
    let pages;

    before(async () => {
        world = await World.start();
        const project = world.project();
        client = new LanguageClient({ env: project.environment, cwd: project.folder });
        await client.initialize({ stateDirectory: join(project.base, 'editor') });
        pages = await Pages.start();
        mkdirSync(screenshots, { recursive: true });
    });
    after(async () => {
        await pages?.stop();
        await client?.shutDown();
        await world?.stop();
    });

    /** Runs a script to its end. @param {'azureml-core' | 'mlflow'} name @param {string} script */
    const ran = async (name, script) => {
        const { code, log, finished } = await world.job(name, script);
        assert.equal(code, 0, log);
        return `${world.emulator.workspaceId}/jobs/${finished.name}`;
    };

    /** The first view that fits. @param {string} id @param {(view: any) => boolean} fits */
    const viewed = async (id, fits) => {
        let view = await client.request('runs/view', { id });
        while (!fits(view)) view = await client.request('runs/view', { id, revision: view.revision });
        return view;
    };

    /** @param {string} id @param {string} path */
    const file = (id, path) => client.request('runs/file', { id, path });

    /** @param {string} id @param {object} source */
    const rows = async (id, source, offset = 0) => {
        const answer = await client.request('runs/table', { id, ...source, offset, count: 25 });
        return { ...answer, rows: answer.rows.map((/** @type {any} */ { cells }) => cells) };
    };

    /** The page about the run, which asks the server. @param {string} id */
    const page = (id) => {
        const ask =
            (/** @type {string} */ method) =>
            async (/** @type {object} */ params, /** @type {AbortSignal} */ signal) => {
                const asked = client.start(method, { ...params, id });
                signal.addEventListener('abort', () => asked.cancel());
                return asked.result;
            };
        const methods = ['runs/view', 'runs/series', 'runs/table', 'runs/file'];
        const answers = Object.fromEntries(methods.map((method) => [method, ask(method)]));
        return pages.open('run', id, { answers, texts: pageTexts('runTexts'), height: 3000 });
    };

    test('all that azureml-core knows', async () => {
        const id = await ran('azureml-core', 'logged_azureml_core.py');
        const view = await viewed(id, ({ metrics, files }) => metrics.length === 14 && files.length >= 7);
        const kinds = Object.fromEntries(
            view.metrics.map((/** @type {any} */ { name, kind, value }) => [
                name,
                value === '' ? kind : `${kind} ${value}`,
            ]),
        );
        assert.deepEqual(kinds, {
            accuracy: 'scalar 0.91',
            classes: 'table',
            confusion: 'chart',
            curve: 'picture',
            curves: 'chart',
            fibonacci: 'scalar 5',
            lines: 'picture',
            loss: 'scalar 0.3',
            'one column': 'table',
            'over angles': 'table',
            phase: 'text training',
            predictions: 'chart',
            residuals: 'chart',
            squares: 'table',
        });
        assert.deepEqual(
            view.logged.map((/** @type {any} */ { name, kind, path }) => [name, kind, path]),
            ['confusion', 'curves', 'predictions', 'residuals'].map((name) => [name, 'chart', name]),
        );
        const [curve, lines, ...others] = view.images;
        assert.deepEqual(others, []);
        assert.deepEqual(curve, {
            name: 'curve',
            steps: [
                { step: 0, path: 'first.png' },
                { step: 1, path: 'second.png' },
            ],
        });
        assert.equal(lines.name, 'lines');
        assert.match(lines.steps[0].path, /^lines_\d+\.png$/);

        assert.equal((await file(id, 'second.png')).kind, 'image');
        const { charts } = await file(id, 'confusion');
        assert.deepEqual(
            charts[0].lines.map((/** @type {any} */ { name, y }) => [name, numbers(y)]),
            [
                ['no', [3, 1]],
                ['yes', [0, 4]],
            ],
        );
        const curves = (await file(id, 'curves')).charts;
        assert.deepEqual(
            curves.map(({ title }) => title),
            ['ROC curve', 'Precision and recall'],
        );
        assert.deepEqual(numbers(curves[0].lines[1].y), [1, 1, 0]);
        assert.deepEqual(numbers((await file(id, 'residuals')).charts[0].lines[0].y), [3, 4]);
        assert.deepEqual(numbers((await file(id, 'predictions')).charts[0].lines[0].spread), [0.01, 0.02]);

        assert.deepEqual((await rows(id, { metric: 'classes' })).rows, [['no'], ['yes']]);
        assert.deepEqual((await rows(id, { metric: 'one column' })).rows, [['7']]);
        assert.deepEqual(await rows(id, { metric: 'over angles' }), {
            columns: ['angle', 'sine'],
            rows: [
                ['0', '0'],
                ['1', '0.1'],
                ['2', '0.2'],
            ],
            total: 3,
        });
        const series = { id, axis: 'step', width: 100, metrics: [{ metric: 'fibonacci' }] };
        const drawn = (await client.request('runs/series', series)).series[0];
        assert.deepEqual(numbers(drawn.x), [0, 1, 2, 3, 4]);
        assert.deepEqual(numbers(drawn.y), [1, 1, 2, 3, 5]);

        const opened = await page(id);
        await opened.page.getByRole('img', { name: 'curve · Step 1' }).waitFor();
        await opened.page.getByRole('table', { name: /^confusion/ }).waitFor();
        await opened.page.getByRole('img', { name: 'curves: ROC curve' }).waitFor();
        await opened.page.getByRole('img', { name: 'residuals' }).waitFor();
        await opened.page.getByRole('cell', { name: '0.2' }).waitFor();
        await opened.page.getByText('phase: training').waitFor();
        await opened.page
            .getByRole('figure', { name: /^fibonacci/ })
            .locator('canvas')
            .waitFor();
        await opened.page.screenshot({ path: join(screenshots, 'logged azureml-core.png') });
        assert.deepEqual([opened.errors, opened.blocked], [[], []]);
        await opened.close();
    });

    test('all that MLflow knows, and what is broken', async () => {
        const id = await ran('mlflow', 'logged_mlflow.py');
        const view = await viewed(id, ({ logged }) => logged.length === 3);
        const names = view.metrics.map((/** @type {any} */ { name, kind }) => `${kind} ${name}`);
        assert.ok(
            names.includes('scalar loss') && names.includes('scalar training_accuracy_score'),
            names.join(),
        );
        const parameters = view.parameters.map((/** @type {any} */ { name }) => name);
        assert.ok(parameters.includes('rate') && parameters.includes('max_iter'), parameters.join());

        const images = new Map(view.images.map((/** @type {any} */ { name, steps }) => [name, steps]));
        assert.deepEqual([...images.keys()].sort(), [
            'broken.png',
            'figures/curve.png',
            'images/grey.png',
            'large/large.png',
            'pets/dog',
            'training_confusion_matrix.png',
            'training_precision_recall_curve.png',
            'training_roc_curve.png',
        ]);
        const dog = /** @type {any[]} */ (images.get('pets/dog'));
        assert.deepEqual(
            dog.map(({ step }) => step),
            [2, 10],
        );
        assert.equal((await file(id, dog[0].path)).mediaType, 'image/png');
        assert.equal((await file(id, 'broken.png')).kind, 'text');
        const large = await file(id, 'large/large.png');
        assert.deepEqual([large.kind, large.complete, large.size], ['binary', false, 9_000_004]);

        assert.deepEqual(
            view.logged.map((/** @type {any} */ { kind, path }) => [kind, path]),
            [
                ['chart', 'matrix.json'],
                ['table', 'tables/large.json'],
                ['table', 'tables/pictures.json'],
            ],
        );
        assert.deepEqual(await rows(id, { path: 'tables/large.json' }, 99_998), {
            columns: ['number', 'name'],
            rows: [
                ['99998', 'row 99998'],
                ['99999', 'row 99999'],
            ],
            total: 100_000,
        });
        const pictures = await rows(id, { path: 'tables/pictures.json' });
        assert.match(pictures.rows[0][1], /^table_images\/tables\/pictures\/.*\.png$/);
        await assert.rejects(
            rows(id, { path: 'broken.json' }),
            /The file broken\.json is no table that can be read\./,
        );
        assert.equal((await file(id, 'broken.json')).kind, 'text');

        const opened = await page(id);
        await opened.page.getByRole('table', { name: /^matrix\.json/ }).waitFor();
        await opened.page.getByText('Rows 1 to 25 of 100,000').waitFor();
        await opened.page.getByRole('img', { name: 'pets/dog · Step 10' }).waitFor();
        await opened.page.getByText('This file is no image that can be shown here.').waitFor();
        await opened.page.getByText('This file (9 MB) cannot be shown here.').waitFor();
        await opened.page.getByRole('button', { name: 'page.html' }).click();
        await opened.page.locator('.preview pre').getByText("document.title = 'ran'").waitFor();
        await until(async () => (await opened.page.locator('.image-frame img').count()) >= 4, 'the pictures');
        await opened.page.screenshot({ path: join(screenshots, 'logged mlflow.png') });
        assert.deepEqual([opened.errors, opened.blocked], [[], []]);
        await opened.close();
    });
});
