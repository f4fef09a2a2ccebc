// @ts-check
// The plots and tables of the page about a run: what they ask for, and that they show it.

import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { until } from '../support/processes.mjs';
import { Pages } from './page.mjs';
import { metricsOf, openRun, runningView, RunServer, sampleLines } from './run.mjs';

/** @type {Pages} */
let pages;
before(async () => {
    pages = await Pages.start();
});
after(() => pages.stop());

/** @param {number} count @param {(x: number) => number} value */
function line(count, value) {
    const x = Array.from({ length: count }, (_, index) => index);
    return { x, y: x.map(value) };
}

/** A page with these metrics. @param {Map<string, import('./series.mjs').Line>} lines @param {object} [options] */
async function openLines(lines, options = {}) {
    const server = new RunServer(runningView(lines, { metrics: metricsOf(lines), logged: [] }), lines);
    return { server, opened: await openRun(pages, server, options) };
}

/** Drags over a part of a plot, in shares of its width. */
async function drag(
    /** @type {import('playwright-core').Locator} */ chart,
    /** @type {number} */ from,
    /** @type {number} */ to,
) {
    const box = await chart.locator('.u-over').boundingBox();
    assert.ok(box);
    const { mouse } = chart.page();
    const y = box.y + box.height / 2;
    await mouse.move(box.x + from * box.width, y);
    await mouse.down();
    await mouse.move(box.x + ((from + to) / 2) * box.width, y);
    await mouse.move(box.x + to * box.width, y);
    await mouse.up();
}

test('the table beside a plot has the data of the plot', async () => {
    const { opened } = await openLines(
        new Map([['eval/loss', line(40, (x) => Math.round(1000 / (x + 1)) / 1000)]]),
    );
    const { page } = opened;
    const chart = page.getByRole('figure');
    await until(async () => (await chart.locator('canvas').count()) > 0, 'the plot');
    await chart.focus();
    const drawn = [];
    for (let index = 0; index < 40; index += 1) {
        await page.keyboard.press('ArrowRight');
        drawn.push(await chart.locator('.chart-readout').textContent());
    }
    await page.keyboard.press('Enter');
    const listed = [];
    for (;;) {
        const rows = await chart.locator('tbody tr').all();
        for (const row of rows) {
            const [step, value] = await row.locator('td').allTextContents();
            listed.push(`Step ${step}: ${value}`);
        }
        const next = chart.getByRole('button', { name: 'Next page' });
        if (rows.length === 0) await chart.locator('tbody tr').first().waitFor();
        else if ((await next.getAttribute('aria-disabled')) === 'true') break;
        else {
            await next.click();
            await chart.getByText('Rows 26 to 40 of 40').waitFor();
        }
    }
    assert.deepEqual(listed, drawn);
    await opened.close();
});

test('a zoom that the user made stays while data grows, and the end is followed without one', async () => {
    const lines = new Map([['loss', line(100, (x) => x)]]);
    const { server, opened } = await openLines(lines);
    const chart = opened.page.getByRole('figure');
    await until(async () => (await chart.locator('canvas').count()) > 0, 'the plot');
    const grow = (/** @type {number} */ count) => {
        lines.set(
            'loss',
            line(count, (x) => x),
        );
        server.change({ metrics: metricsOf(lines, count) });
    };
    grow(120);
    const { params } = await opened.question('runs/series', ({ metrics }) => metrics[0].after === 100);
    assert.equal(params.from, undefined);
    await chart.getByText('120 points').waitFor();
    await chart.focus();
    await opened.page.keyboard.press('End');
    assert.equal(await chart.locator('.chart-readout').textContent(), 'Step 119: 119');

    await drag(chart, 0.25, 0.5);
    const zoomed = await opened.question('runs/series', ({ from }) => from !== undefined);
    assert.ok(Math.abs(zoomed.params.from - 29.75) < 2, String(zoomed.params.from));
    assert.ok(Math.abs(zoomed.params.to - 59.5) < 2, String(zoomed.params.to));
    const reset = chart.getByRole('button', { name: 'Reset zoom' });
    await reset.waitFor();
    grow(140);
    const again = await opened.question(
        'runs/series',
        ({ from, metrics }) => from !== undefined && metrics[0].after > 0,
    );
    assert.deepEqual([again.params.from, again.params.to], [zoomed.params.from, zoomed.params.to]);
    await chart.getByText('140 points').waitFor();
    assert.ok(opened.state.zooms['loss']);
    await chart.locator('.u-over').dblclick();
    await reset.waitFor({ state: 'hidden' });
    assert.deepEqual(opened.state.zooms, {});
    assert.deepEqual(opened.errors, []);
    await opened.close();
});

test('of 200 metrics only those in view are asked for, in one question, and those that come into view', async () => {
    const lines = new Map(
        Array.from({ length: 200 }, (_, index) => [
            `metric/${String(index).padStart(3, '0')}`,
            line(5, (x) => x),
        ]),
    );
    const { opened } = await openLines(lines);
    const { page } = opened;
    await until(async () => (await page.locator('.plot canvas').count()) > 0, 'a plot');
    const asked = () =>
        opened.asked('runs/series').flatMap(({ params }) => params.metrics.map(({ metric }) => metric));
    assert.equal(opened.asked('runs/series').length, 1);
    assert.ok(asked().length > 3 && asked().length < 30, `${asked().length}`);
    await page.getByRole('figure', { name: /^metric\/199/ }).scrollIntoViewIfNeeded();
    await until(() => asked().includes('metric/199'), 'the last metric');
    assert.equal(new Set(asked()).size, asked().length);
    assert.ok(!asked().includes('metric/100'));
    await until(async () => (await page.locator('.plot canvas').count()) < 40, 'no canvas out of view');

    const filter = page.getByRole('searchbox', { name: 'Filter metrics' });
    await filter.fill('/10');
    await until(async () => (await page.locator('figure:visible').count()) === 10, 'ten metrics');
    await until(() => asked().includes('metric/100'), 'what the filter brings into view');
    await filter.fill('no such metric');
    await page.getByText('No metric has this in its name.').waitFor();
    assert.equal(opened.state.filter, 'no such metric');
    await opened.close();
});

test('a page that is hidden asks for nothing, and goes on where it was', async () => {
    const lines = sampleLines();
    const { server, opened } = await openLines(lines);
    await until(async () => (await opened.page.locator('.plot canvas').count()) > 0, 'a plot');
    await opened.setVisibility('hidden');
    await until(
        () => opened.asked('runs/view').every(({ cancelled }, index) => cancelled || index === 0),
        'no open question',
    );
    const before = opened.questions.length;
    lines.set(
        'eval/loss',
        line(30, (x) => x),
    );
    server.change({ metrics: metricsOf(lines, 2), title: 'another title' });
    await opened.page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined))),
    );
    assert.equal(opened.questions.length, before);
    await opened.setVisibility('visible');
    await opened.page.getByRole('heading', { name: 'another title' }).waitFor();
    await opened.page.getByRole('figure', { name: /^eval\/loss: last value 29, points: 30/ }).waitFor();
    await opened.close();
});

test('what was chosen is there again after a reload', async () => {
    const state = {
        settings: { axis: 'elapsed', smoothing: 0.6, isLogarithmic: true },
        filter: 'train',
        large: 'train/loss',
        zooms: { 'train/loss': [100, 200] },
    };
    const lines = new Map(
        ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'train/loss'].map((name) => [name, line(300, (x) => x + 1)]),
    );
    const { opened } = await openLines(lines, { state });
    const { params } = await opened.question(
        'runs/series',
        ({ metrics }) => metrics[0].metric === 'train/loss',
    );
    assert.deepEqual([params.axis, params.smoothing, params.from, params.to], ['elapsed', 0.6, 100, 200]);
    await opened.page.locator('.chart.large table').waitFor();
    assert.equal(await opened.page.locator('figure:visible').count(), 1);
    assert.equal(await opened.page.getByRole('combobox').inputValue(), 'elapsed');
    assert.equal(await opened.page.getByRole('checkbox').isChecked(), true);
    assert.equal(opened.state.id.startsWith('/subscriptions/'), true);
    await opened.close();
});

test('axis, smoothing and scale are chosen for all plots', async () => {
    const { opened } = await openLines(new Map([['loss', line(50, (x) => x - 10)]]));
    const { page } = opened;
    await until(async () => (await page.locator('.plot canvas').count()) > 0, 'the plot');
    await page.getByRole('combobox', { name: 'Horizontal axis' }).selectOption('Elapsed time');
    await opened.question('runs/series', ({ axis }) => axis === 'elapsed');
    const slider = page.getByRole('slider', { name: /Smoothing/ });
    assert.equal(await slider.getAttribute('aria-valuetext'), 'Off');
    await slider.fill('0.9');
    await opened.question('runs/series', ({ smoothing }) => smoothing === 0.9);
    await page.getByRole('checkbox', { name: 'Logarithmic scale' }).check();
    await page.getByText('no place on a logarithmic scale').waitFor();
    assert.deepEqual(opened.errors, []);
    await opened.close();
});

test('a metric of nothing but NaN, one with one point, and a name with slashes are shown', async () => {
    const lines = new Map([
        ['all/nan', { ...line(20, () => NaN), note: 'NaN from step 0 on' }],
        ['one', line(1, () => 0.5)],
        ['deep/er/name', line(3, (x) => x)],
        ['same', line(30, () => 7)],
        ['huge', line(3, (x) => (x - 1) * 1e300)],
    ]);
    const { opened } = await openLines(lines);
    const { page } = opened;
    await until(async () => (await page.locator('.plot canvas').count()) === 5, 'five plots');
    await page.getByText('20 points · NaN from step 0 on').waitFor();
    await page.getByText('1 point', { exact: true }).waitFor();
    await page.getByRole('figure', { name: /^deep\/er\/name/ }).waitFor();
    for (const figure of await page.getByRole('figure').all()) {
        const ink = await figure.locator('canvas').evaluate((canvas) => {
            const own = /** @type {HTMLCanvasElement} */ (canvas);
            const pixels =
                own.getContext('2d')?.getImageData(60, 10, own.width - 80, own.height - 40).data ?? [];
            let colored = 0;
            for (let i = 0; i < pixels.length; i += 4)
                colored += Number(Math.abs((pixels[i] ?? 0) - (pixels[i + 2] ?? 0)) > 60);
            return colored;
        });
        assert.ok(ink > 4, `${await figure.getAttribute('aria-label')}: ${ink}`);
    }
    assert.deepEqual(opened.errors, []);
    await opened.close();
});

test('of a million points as many are drawn as the server sends', async () => {
    const lines = new Map([['loss', line(1_000_000, (x) => Math.sin(x / 9000))]]);
    const { opened } = await openLines(lines);
    const text = opened.page.locator('.chart-about');
    await until(
        async () => /^[\d,]+ of 1,000,000 points drawn$/.test((await text.textContent()) ?? ''),
        'the count',
    );
    await opened.close();
});

test('a table of 100,000 rows has one page of them in the document', async () => {
    const table = { name: 'predictions', kind: 'table', value: '', columns: ['row', 'class'], revision: 1 };
    const server = new RunServer(runningView(new Map(), { metrics: [table], logged: [] }), new Map());
    server.answers['runs/table'] = ({ offset, count }) => ({
        columns: ['row', 'class'],
        rows: Array.from({ length: Math.min(count, 100_000 - offset) }, (_, index) => ({
            cells: [String(offset + index), 'cell'],
        })),
        total: 100_000,
    });
    const opened = await openRun(pages, server);
    const { page } = opened;
    await page.getByText('Rows 1 to 25 of 100,000').waitFor();
    await page.getByRole('button', { name: 'Last page' }).click();
    await page.getByText('Rows 99,976 to 100,000 of 100,000').waitFor();
    await page.getByRole('cell', { name: '99999' }).waitFor();
    assert.ok((await page.locator('tr').count()) <= 100);
    assert.equal(await page.getByRole('button', { name: 'Next page' }).getAttribute('aria-disabled'), 'true');
    server.change({ metrics: [{ ...table, revision: 2 }] });
    await until(
        () => opened.asked('runs/table').filter(({ params }) => params.offset === 99_975).length === 2,
        'the new rows',
    );
    await opened.close();
});

test('a plot that has no answer says why, and asks again', async () => {
    const lines = new Map([['loss', line(10, (x) => x)]]);
    const { server, opened } = await openLines(lines, { waits: true });
    const answer = server.answers['runs/series'];
    server.answers['runs/series'] = () => {
        throw new Error('Azure asked to slow down.');
    };
    await opened.setVisibility('visible');
    lines.set(
        'loss',
        line(11, (x) => x),
    );
    server.change({ metrics: metricsOf(lines, 2) });
    await opened.page.getByText('Azure asked to slow down.').waitFor();
    if (answer !== undefined) server.answers['runs/series'] = answer;
    await opened.page.getByRole('button', { name: 'Try Again' }).click();
    await opened.page.getByText('11 points').waitFor();
    await opened.close();
});
