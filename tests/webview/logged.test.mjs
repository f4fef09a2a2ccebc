// @ts-check
// What a script logged besides numbers, on the page about its run: charts and tables in files.

import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { until } from '../support/processes.mjs';
import { Pages } from './page.mjs';
import { chartLine, matrixOf, openRun, runningView, RunServer } from './run.mjs';

/** @type {Pages} */
let pages;
before(async () => {
    pages = await Pages.start();
});
after(() => pages.stop());

/** @param {object} [change] */
const serverOf = (change = {}) =>
    new RunServer(runningView(new Map(), { metrics: [], ...change }), new Map());

/** @param {string} path @param {'chart' | 'table'} [kind] */
const logged = (path, kind = 'chart') => ({ name: path, kind, path, revision: 1 });

test('a confusion matrix is a table that says how much of each class a number is', async () => {
    const opened = await openRun(pages, serverOf());
    const matrix = opened.page.getByRole('table', { name: /^classes: True ↓ Predicted →/ });
    await matrix.scrollIntoViewIfNeeded();
    assert.deepEqual(await matrix.getByRole('columnheader').allTextContents(), [
        'red cell',
        'white cell',
        'platelet',
    ]);
    const row = matrix.getByRole('row', { name: /^white cell/ });
    assert.deepEqual(await row.getByRole('cell').allTextContents(), ['74%', '17091%', '95%']);
    const shares = await row
        .getByRole('cell')
        .evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell).getPropertyValue('--share')));
    assert.ok(Number(shares[1]) > 0.9 && Number(shares[0]) < 0.1, shares.join());
    assert.deepEqual([opened.errors, opened.blocked], [[], []]);
    await opened.close();
});

test('a matrix of very many classes is read page by page', async () => {
    const labels = Array.from({ length: 60 }, (_, index) => `class ${index}`);
    const server = serverOf({ logged: [logged('many')] });
    server.file = () => ({
        kind: 'chart',
        size: 9,
        complete: true,
        charts: [matrixOf(labels, (row, column) => row + column)],
    });
    const opened = await openRun(pages, server);
    await opened.page.getByText('Rows 1 to 25 of 60').waitFor();
    assert.equal(await opened.page.locator('.logged tbody tr').count(), 25);
    await opened.close();
});

test('curves, spreads and histograms are pictures with a name, and tables of the same numbers', async () => {
    const opened = await openRun(pages, serverOf());
    const { page } = opened;
    const curve = page.getByRole('img', { name: 'curves: ROC curve' });
    await curve.scrollIntoViewIfNeeded();
    assert.equal(await curve.locator('g > path').count(), 2);
    await page.locator('.chart-legend').first().getByText('platelet').waitFor();
    const spread = page.getByRole('img', { name: 'curves: Predicted and true values' });
    assert.equal(await spread.locator('circle').count(), 3);
    const histogram = page.getByRole('img', { name: 'residuals' });
    assert.equal(await histogram.locator('rect').count(), 5);
    const card = page.locator('.logged', { has: histogram });
    await card.getByText('As a table').click();
    const rows = card.getByRole('row');
    await until(async () => (await rows.count()) === 6, 'the rows');
    assert.deepEqual(await rows.nth(2).getByRole('cell').allTextContents(), ['-1 – -0.25', '11']);
    const curves = page.locator('.logged-chart', { has: curve });
    await curves.getByText('As a table').click();
    await curves.getByRole('cell', { name: 'platelet' }).first().waitFor();
    assert.deepEqual([opened.errors, opened.blocked], [[], []]);
    await opened.close();
});

test('a table in a file is read page by page, to its end', async () => {
    const server = serverOf({ logged: [logged('tables/examples.json', 'table')] });
    const opened = await openRun(pages, server);
    const { page } = opened;
    await page.getByText('Rows 1 to 25 of 100,000').waitFor();
    await page.getByRole('button', { name: 'Last page' }).click();
    await page.getByRole('cell', { name: 'image 99999' }).waitFor();
    const { params } = await opened.question('runs/table', ({ offset }) => offset > 0);
    assert.deepEqual(params, { path: 'tables/examples.json', offset: 99_975, count: 25 });
    await opened.close();
});

test('what cannot be shown says why, and is asked for again when it is logged again', async () => {
    /** @type {any} */
    let answer = { kind: 'text', size: 9, complete: true, text: '{"schema_' };
    const server = serverOf({ logged: [logged('broken')] });
    server.file = () => answer;
    const opened = await openRun(pages, server);
    const { page } = opened;
    await page.getByText('This file is no chart that can be shown here.').waitFor();
    const again = (/** @type {number} */ revision) =>
        server.change({ logged: [{ ...logged('broken'), revision }] });
    answer = { kind: 'text', size: 9_000_000, complete: false, text: '{' };
    again(2);
    await page.getByText('This file (9 MB) cannot be shown here.').waitFor();
    answer = {
        kind: 'chart',
        size: 9,
        complete: true,
        charts: [{ ...matrixOf(['a'], () => 1), lines: [{ name: 'a', x: '', y: 'AAAA' }] }],
    };
    again(3);
    await page.getByText('The numbers are cut off.').waitFor();
    const nothing = {
        title: '',
        kind: 'lines',
        xTitle: 'x',
        yTitle: 'y',
        lines: [chartLine('a', [NaN, Infinity], [0, 1])],
    };
    answer = { kind: 'chart', size: 9, complete: true, charts: [nothing] };
    again(4);
    await page.getByRole('img', { name: 'broken' }).waitFor();
    assert.deepEqual([opened.errors, opened.blocked], [[], []]);
    await opened.close();
});

test('a file that says a chart is drawn below its name, too', async () => {
    const server = serverOf({ logged: [], files: [{ path: 'residuals' }] });
    const opened = await openRun(pages, server);
    await opened.page.getByRole('button', { name: 'residuals' }).click();
    await opened.page.locator('.preview').getByRole('img', { name: 'residuals' }).waitFor();
    await opened.close();
});

test('a picture that turns out to be a step of another one is not shown twice', async () => {
    const steps = [{ path: 'curve_1.png' }];
    const server = serverOf({ logged: [], images: [{ name: 'curve_1.png', steps }] });
    const opened = await openRun(pages, server);
    await opened.page.getByRole('heading', { name: 'curve_1.png' }).waitFor();
    server.change({ images: [{ name: 'curve', steps }] });
    await opened.page.getByRole('img', { name: 'curve', exact: true }).waitFor();
    assert.equal(await opened.page.locator('.image').count(), 1);
    await opened.close();
});
