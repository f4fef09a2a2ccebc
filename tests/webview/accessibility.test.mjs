// @ts-check
// The page about a run for everybody: axe in four kinds of theme, the keyboard alone, and small windows.

import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { until } from '../support/processes.mjs';
import { violations } from './axe.mjs';
import { Pages } from './page.mjs';
import { failedView, openRun, runningView, RunServer, sampleLines } from './run.mjs';
import { themes } from './themes.mjs';

/** @type {Pages} */
let pages;
before(async () => {
    pages = await Pages.start();
});
after(() => pages.stop());

for (const theme of /** @type {(keyof typeof themes)[]} */ (Object.keys(themes))) {
    test(`a run that failed, with everything opened, has no fault that axe finds in ${theme}`, async () => {
        const lines = sampleLines();
        const server = new RunServer(failedView(lines), lines);
        const page = await openRun(pages, server, { theme, state: { large: 'train/loss' } });
        await page.page.getByRole('button', { name: 'outputs/report.txt' }).click();
        for (const summary of await page.page.locator('summary').all()) await summary.click();
        await page.page.locator('.chart.large table').waitFor();
        await page.page.locator('.preview pre').waitFor();
        assert.deepEqual(await violations(page), []);
        await page.close();
    });

    test(`a run that is going on, one without metrics, and a page that waits have none in ${theme}`, async () => {
        const lines = sampleLines();
        const going = await openRun(pages, new RunServer(runningView(lines), lines), { theme });
        await until(async () => (await going.page.locator('.plot canvas').count()) > 0, 'a plot');
        assert.deepEqual(await violations(going), []);
        await going.close();
        const empty = await openRun(pages, new RunServer(runningView(new Map(), { metrics: [] })), { theme });
        await empty.page.getByText('No metrics yet.').waitFor();
        assert.deepEqual(await violations(empty), []);
        await empty.close();
        const waiting = new RunServer({});
        waiting.answers['runs/view'] = () => new Promise(() => {});
        const skeleton = await openRun(pages, waiting, { theme, waits: true });
        await skeleton.page.locator('.skeleton').waitFor();
        assert.deepEqual(await violations(skeleton), []);
        await skeleton.close();
    });
}

test('a plot is walked with the keyboard, point by point, and says where it is', async () => {
    const lines = new Map([['loss', { x: [0, 10, 20, 30], y: [4, 2, NaN, 1] }]]);
    const { page, ...opened } = await openRun(pages, new RunServer(runningView(lines), lines));
    const chart = page.getByRole('figure', { name: /^loss: last value 1, points: 4/ });
    await chart.waitFor();
    await chart.focus();
    const said = page.locator('[aria-live=polite].unseen');
    /** @param {string} key @param {string} text */
    const press = async (key, text) => {
        await page.keyboard.press(key);
        await until(async () => (await said.textContent()) === text, `${key} says ${text}`, 5000);
        assert.equal(await chart.locator('.chart-readout').textContent(), text);
    };
    await press('ArrowRight', 'Step 0: 4');
    await press('ArrowRight', 'Step 10: 2');
    await press('ArrowRight', 'Step 20: NaN');
    await press('End', 'Step 30: 1');
    await press('ArrowRight', 'Step 30: 1');
    await press('ArrowLeft', 'Step 20: NaN');
    await press('Home', 'Step 0: 4');
    await page.keyboard.press('Escape');
    assert.equal(await chart.locator('.chart-readout').textContent(), '');
    assert.deepEqual(opened.errors, []);
    await page.context().close();
});

test('plus and minus zoom around the cursor, Escape goes back, Enter makes large', async () => {
    const lines = sampleLines();
    const opened = await openRun(pages, new RunServer(runningView(lines), lines));
    const { page } = opened;
    const chart = page.getByRole('figure', { name: /^eval\/loss/ });
    await until(async () => (await chart.locator('canvas').count()) > 0, 'the plot');
    await chart.focus();
    await page.keyboard.press('+');
    const { params } = await opened.question('runs/series', ({ from }) => from !== undefined);
    assert.deepEqual([params.from, params.to], [5.75, 17.25]);
    const reset = chart.getByRole('button', { name: 'Reset zoom' });
    await reset.waitFor();
    await page.keyboard.press('-');
    await page.keyboard.press('Escape');
    await reset.waitFor({ state: 'hidden' });
    await page.keyboard.press('Enter');
    await chart.locator('table').waitFor();
    const details = await chart.getAttribute('aria-details');
    assert.equal(await page.locator(`#${details} table`).count(), 1);
    await page.keyboard.press('Escape');
    await chart.locator('table').waitFor({ state: 'detached' });
    assert.equal(await chart.evaluate((element) => element === document.activeElement), true);
    await opened.close();
});

test('everything can be reached with Tab, and shows that it has the focus', async () => {
    const lines = new Map([['loss', { x: [0, 1], y: [2, 1] }]]);
    const { page } = await openRun(pages, new RunServer(failedView(lines), lines));
    await page.locator('.plot canvas').waitFor();
    const wanted = await page
        .locator('button:visible, select:visible, input:visible, summary, figure')
        .count();
    const seen = new Set();
    for (let presses = 0; presses < 3 * wanted; presses += 1) {
        await page.keyboard.press('Tab');
        const focused = await page.evaluate(() => {
            const element = document.activeElement;
            if (element === null || element === document.body) return undefined;
            const style = getComputedStyle(element);
            return {
                what: `${element.tagName} ${element.textContent} ${element.className} ${element.getAttribute('aria-label')} ${element.getAttribute('max')}`,
                isShown:
                    style.outlineStyle !== 'none' ||
                    element.matches('input[type=range], input[type=checkbox]'),
            };
        });
        if (focused === undefined) break;
        assert.ok(focused.isShown, focused.what);
        seen.add(focused.what);
    }
    assert.ok(seen.size >= wanted, `${seen.size} of ${wanted}`);
    await page.context().close();
});

test('a part that is made anew keeps the focus', async () => {
    const lines = new Map();
    const server = new RunServer(failedView(lines), lines);
    const { page } = await openRun(pages, server);
    await page.getByRole('button', { name: 'cells/model.py, line 41' }).focus();
    const { failure } = server.view;
    server.change({ failure: { ...failure, advice: 'Take a larger compute.' } });
    await page.getByText('Take a larger compute.').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'cells/model.py, line 41');
    await page.context().close();
});

test('nothing moves for those who want no motion', async () => {
    const lines = new Map();
    const moving = await openRun(pages, new RunServer(runningView(lines), lines));
    const spins = (/** @type {import('./page.mjs').OpenPage} */ { page }) =>
        page.evaluate(() => document.getAnimations().length);
    assert.notEqual(await spins(moving), 0);
    await moving.page.emulateMedia({ reducedMotion: 'reduce' });
    assert.equal(await spins(moving), 0);
    await moving.close();
    const still = await openRun(pages, new RunServer(runningView(lines), lines), {
        classes: ['vscode-reduce-motion'],
    });
    assert.equal(await spins(still), 0);
    await still.close();
});

test('long names break nothing at 400 pixels', async () => {
    const long = `${'very_long_name_without_any_end_'.repeat(8)}`;
    const line = { x: [0, 1, 2], y: [1, 2, 3] };
    const lines = new Map([[`a/${long}`, line]]);
    const view = failedView(lines);
    const server = new RunServer(
        {
            ...view,
            title: long,
            experiment: long,
            problem: long,
            facts: [{ name: long, text: long }],
            stages: [
                { name: long, state: 'active', startedAt: '2026-01-01T00:00:00Z', usual: long, text: long },
            ],
            warnings: [long],
            parameters: [{ name: long, text: long }],
            tags: [{ name: long, text: `${long} ${long}` }],
            metrics: [
                ...view.metrics,
                { name: long, kind: 'table', value: '', columns: [long], revision: 1 },
                { name: `${long}2`, kind: 'file', value: long, columns: [], revision: 1 },
            ],
            images: [
                {
                    name: long,
                    steps: [
                        { step: 1, path: `${long}.png` },
                        { step: 2, path: `${long}2.png` },
                    ],
                },
            ],
            files: [{ path: `${long}/${long}.txt` }],
            logs: [`${long}.txt`],
            configuration: JSON.stringify({ [long]: long }),
            failure: {
                title: long,
                text: long,
                advice: long,
                frames: [{ path: `/${long}`, line: 1, function: long, code: long, uri: 'file:///a.py' }],
                log: `${long}.txt`,
            },
        },
        lines,
    );
    server.answers['runs/table'] = () => ({
        columns: [long, 'two', 'three'],
        rows: [{ cells: [long, long, '1'] }],
        total: 1,
    });
    const { page } = await openRun(pages, server, { width: 400, state: { large: `a/${long}` } });
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.locator('.files button').last().click();
    await page.locator('.preview pre').waitFor();
    await page.locator('.chart.large table').waitFor();
    const wide = await page.evaluate(() => {
        const isInFrame = (/** @type {Element} */ element) =>
            element.closest('.table-frame, pre, .plot, .unseen') !== null;
        const outside = [...document.querySelectorAll('body *')].filter(
            (element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !isInFrame(element),
        );
        return {
            scroll: document.documentElement.scrollWidth,
            outside: outside.map((one) => one.outerHTML.slice(0, 120)),
        };
    });
    assert.deepEqual(wide, { scroll: 400, outside: [] });
    await page.context().close();
});
