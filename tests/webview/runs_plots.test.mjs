// @ts-check
// The plots of selected runs over each other; and the table of runs for everybody, in every theme and in small windows.

import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { until } from '../support/processes.mjs';
import { violations } from './axe.mjs';
import { Pages } from './page.mjs';
import { column, openRuns, row, RunsServer, sampleTable, select, serverOf, workspaceId } from './runs.mjs';
import { themes } from './themes.mjs';

/** @typedef {import('./page.mjs').OpenPage} OpenPage */

/** @type {Pages} */
let pages;
before(async () => {
    pages = await Pages.start();
});
after(() => pages.stop());

/** What a plot says at each of its points, walked with the keyboard. @param {OpenPage} opened @param {number} count */
async function walk({ page }, count) {
    const said = [];
    await page.getByRole('figure').focus();
    for (let index = 0; index < count; index += 1) {
        await page.keyboard.press('ArrowRight');
        said.push(await page.locator('[aria-live=polite].unseen').textContent());
    }
    return said;
}

test('selected runs are plotted over each other with what the server gave, and the table beside has the same', async () => {
    const lines = {
        a: { x: [0, 1, 2, 3], y: [4, 3, NaN, 1] },
        b: { x: [1, 3], y: [8, 6] },
    };
    const opened = await openRuns(pages, serverOf(lines));
    const { page } = opened;
    await select(opened, 2);
    const figure = page.getByRole('figure', { name: 'loss of a, b; points: 6' });
    await figure.waitFor();
    const asked = opened.asked('runs/series').map(({ params }) => params.id.replace(/^.*\//, ''));
    assert.ok(asked.includes('a') && asked.includes('b'));
    await until(async () => (await page.getByRole('figure').count()) === 1, 'only what one of them has');
    assert.deepEqual(await walk(opened, 4), [
        'Step 0; a: 4; b: –',
        'Step 1; a: 3; b: 8',
        'Step 2; a: NaN; b: 8',
        'Step 3; a: 1; b: 6',
    ]);
    await page.keyboard.press('Enter');
    await figure.locator('tbody tr').nth(3).waitFor();
    const rows = await figure.locator('tr').allInnerTexts();
    assert.deepEqual(
        rows.map((text) => text.split(/\s+/)),
        [
            ['Step', 'a', 'b'],
            ['0', '4', '–'],
            ['1', '3', '8'],
            ['2', 'NaN', '8'],
            ['3', '1', '6'],
        ],
    );
    assert.deepEqual([opened.errors, opened.blocked], [[], []]);
    await opened.close();
});

test('a run has one colour, in its row, in the legend, in the values and in the line', async () => {
    const line = (/** @type {number} */ y) => ({ x: [0, 1, 2, 3], y: [y, y, y, y] });
    const opened = await openRuns(pages, serverOf({ a: line(1), b: line(2), c: line(3) }));
    const { page } = opened;
    await select(opened, 3);
    // The colours of others stay, and one that is free is given again.
    await page.getByRole('button', { name: 'Deselect: a' }).click();
    const colorOf = (/** @type {string} */ scope, /** @type {string} */ name) =>
        page.locator(scope, { hasText: name }).locator('.line-mark path').first().getAttribute('stroke');
    const before = await colorOf('.legend-entry', 'b');
    await page.locator('.grid-row', { hasText: 'a' }).locator('.mark').click();
    assert.equal(await colorOf('.legend-entry', 'b'), before);
    await page.getByRole('figure', { name: /points: 12/ }).waitFor();
    await page.locator('.plot .u-over').first().hover();
    const colors = [];
    for (const name of ['a', 'b', 'c']) {
        const color = (await colorOf('.grid-row', name)) ?? '';
        assert.equal(await colorOf('.legend-entry', name), color);
        assert.equal(await colorOf('.chart-values li', name), color);
        colors.push(color);
    }
    assert.equal(new Set(colors).size, 3);
    const ink = await page
        .locator('.plot canvas')
        .first()
        .evaluate((canvas, wanted) => {
            const own = /** @type {HTMLCanvasElement} */ (canvas);
            const pixels = own.getContext('2d')?.getImageData(0, 0, own.width, own.height).data ?? [];
            return wanted.map((color) => {
                const channels = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
                let count = 0;
                for (let i = 0; i < pixels.length; i += 4)
                    count += Number(
                        channels.every((value, at) => Math.abs((pixels[i + at] ?? 0) - value) < 3),
                    );
                return count;
            });
        }, colors);
    assert.ok(
        ink.every((count) => count > 100),
        `${ink}`,
    );
    await opened.close();
});

test('more runs than colours differ in their dashes, and a selection is there again after a reload', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `run${index}`);
    const lines = Object.fromEntries(names.map((name) => [name, { x: [0, 1], y: [1, 2] }]));
    const opened = await openRuns(pages, serverOf(lines));
    await select(opened, 10);
    const looks = async (/** @type {OpenPage} */ { page }) =>
        page.locator('.legend .line-mark').evaluateAll((marks) =>
            marks.map((mark) => {
                const line = mark.querySelector('path');
                return `${line?.getAttribute('stroke')} ${line?.getAttribute('stroke-dasharray')}`;
            }),
        );
    const chosen = await looks(opened);
    assert.equal(new Set(chosen).size, 10);
    const { state } = opened;
    await opened.close();
    const again = await openRuns(pages, serverOf(lines), { state });
    await again.page.locator('.plot canvas').first().waitFor();
    assert.deepEqual(await looks(again), chosen);
    await again.page.getByRole('button', { name: 'Deselect All' }).click();
    await again.page.locator('.legend').waitFor({ state: 'hidden' });
    assert.deepEqual(again.state.selected, []);
    await again.close();
});

test('runs that go on are asked for what is new, those that are over are not', async () => {
    const lines = { a: { x: [0, 1], y: [2, 1] }, b: { x: [0, 1], y: [3, 2] } };
    const server = serverOf(lines);
    server.table.rows[0] = row('a', 'Running', { 'metrics.loss': '1' });
    const opened = await openRuns(pages, server);
    const { page } = opened;
    await page.clock.install();
    await select(opened, 2);
    await page.getByRole('figure', { name: 'loss of a, b; points: 4' }).waitFor();
    const asked = (/** @type {string} */ name) =>
        opened.asked('runs/series').filter(({ params }) => params.id.endsWith(`/${name}`)).length;
    const before = [asked('a'), asked('b')];
    lines.a.x.push(2);
    lines.a.y.push(0.5);
    await page.clock.runFor(3100);
    await page.getByRole('figure', { name: 'loss of a, b; points: 5' }).waitFor();
    const { params } = opened.asked('runs/series').at(-1) ?? assert.fail();
    assert.equal(params.metrics.find((/** @type {any} */ { metric }) => metric === 'loss').after, 2);
    assert.equal(asked('a'), (before[0] ?? 0) + 1);
    server.table.rows[0] = row('a', 'Completed', { 'metrics.loss': '1' });
    server.change();
    await until(() => opened.state.selected[0].isFinal, 'the end of the run');
    await page.clock.runFor(3100);
    await until(() => asked('a') === (before[0] ?? 0) + 2, 'what came last');
    await page.clock.runFor(10_000);
    assert.deepEqual([asked('a'), asked('b')], [(before[0] ?? 0) + 2, before[1]]);
    await opened.close();
});

test('selected runs are opened and compared', async () => {
    const line = { x: [0, 1], y: [1, 2] };
    const opened = await openRuns(pages, serverOf({ a: line, b: line, c: line }));
    const { page } = opened;
    await select(opened, 2);
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByRole('button', { name: 'Compare Code', exact: true }).click();
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await until(() => opened.actions.length === 4, 'four actions');
    const [left, right] = ['a', 'b'].map((name) => `${workspaceId}/jobs/${name}`);
    assert.deepEqual(opened.actions, [
        { kind: 'compare', left, right },
        { kind: 'compareCode', left, right },
        { kind: 'open', run: left },
        { kind: 'open', run: right },
    ]);
    await page.locator('.grid-row .mark').nth(2).click();
    for (const name of ['Compare', 'Compare Code'])
        await page.getByRole('button', { name, exact: true }).waitFor({ state: 'hidden' });
    await opened.close();
});

test('the border between table and plots is moved with the mouse and the keyboard', async () => {
    const opened = await openRuns(pages, new RunsServer());
    const { page } = opened;
    await select(opened, 1);
    const border = page.getByRole('separator', { name: 'Height of the plots' });
    assert.equal(await border.getAttribute('aria-valuenow'), '45');
    await border.focus();
    await page.keyboard.press('ArrowUp');
    assert.equal(await border.getAttribute('aria-valuenow'), '49');
    const box = (await border.boundingBox()) ?? assert.fail();
    await page.mouse.move(box.x + 200, box.y + 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 200, 560, { steps: 3 });
    await page.mouse.up();
    assert.equal(await border.getAttribute('aria-valuenow'), '30');
    assert.equal(opened.state.plotsHeight, 30);
    await opened.close();
});

for (const theme of /** @type {(keyof typeof themes)[]} */ (Object.keys(themes))) {
    test(`the table has no fault that axe finds in ${theme}`, async () => {
        const server = new RunsServer();
        server.problem = 'Azure has not answered for 5 minutes.';
        server.views = { best: { filter: '', sort: [] } };
        const opened = await openRuns(pages, server, { theme });
        const { page } = opened;
        await select(opened, 3);
        await page.getByRole('grid').focus();
        await page.keyboard.press('b');
        await page.locator('.difference').first().waitFor();
        await page.locator('.plot .u-over').first().hover();
        await page.locator('.chart-values').first().waitFor();
        assert.deepEqual(await violations(opened), []);
        await page.getByRole('button', { name: 'Columns' }).click();
        assert.deepEqual(await violations(opened), []);
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Views' }).click();
        await page.getByRole('button', { name: 'best', exact: true }).waitFor();
        assert.deepEqual(await violations(opened), []);
        await page.keyboard.press('Escape');
        await page.locator('.grid-row').first().locator('[data-column="1"]').click({ button: 'right' });
        await page.getByRole('menu').waitFor();
        assert.deepEqual(await violations(opened), []);
        await page.keyboard.press('Escape');
        const filter = page.getByRole('searchbox', { name: 'Filter', exact: true });
        await filter.fill('eval/accuracy > 2');
        await page.getByText('No run matches the filter.').waitFor();
        assert.deepEqual(await violations(opened), []);
        await opened.close();
    });
}

test('long names break nothing at 400 pixels', async () => {
    const long = 'very_long_name_without_any_end_'.repeat(8);
    const table = {
        title: long,
        columns: [...sampleTable(1).columns, column('metric', long), column('tag', long, false)],
        rows: [1, 2].map((number) =>
            row(long + number, 'Completed', { [`metrics.${long}`]: long, [`tags.${long}`]: long }),
        ),
    };
    const server = new RunsServer(table);
    server.problem = long;
    server.views = { [long]: { filter: '', sort: [] } };
    server.linesOf = () => new Map([[long, { x: [0, 1, 2], y: [1, 2, 3], note: long }]]);
    const view = {
        filter: '',
        sort: [],
        columns: ['status', `metrics.${long}`, `tags.${long}`],
        baseline: { id: `${workspaceId}/jobs/${long}1`, title: long },
    };
    const opened = await openRuns(pages, server, { width: 400, state: { view } });
    const { page } = opened;
    await select(opened, 2);
    await page.locator('.plot .u-over').first().hover();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('dialog').getByRole('button', { name: long, exact: true }).waitFor();
    const wide = await page.evaluate(() => {
        const isCutOff = (/** @type {Element} */ element) => {
            for (let up = element.parentElement; up !== null && up !== document.body; up = up.parentElement)
                if (getComputedStyle(up).overflowX !== 'visible') return true;
            return false;
        };
        const outside = [...document.querySelectorAll('body *')].filter(
            (element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !isCutOff(element),
        );
        return {
            scroll: document.documentElement.scrollWidth,
            outside: outside.map((one) => one.outerHTML.slice(0, 120)),
        };
    });
    assert.deepEqual(wide, { scroll: 400, outside: [] });
    await opened.close();
});

test('the page speaks Chinese', async () => {
    const opened = await openRuns(pages, new RunsServer(), { language: 'zh-cn' });
    await opened.page.getByText('37 个运行').waitFor();
    await opened.page.getByRole('button', { name: '视图' }).click();
    await opened.page.getByText('尚未保存视图。').waitFor();
    await opened.close();
});
