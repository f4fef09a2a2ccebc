// @ts-check
// The pages about runs in Chromium, asking a real server: how long a picture takes, how soon a point is in it, and how long
// a window is busy with each frame while people move about in a plot.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { until } from '../support/processes.mjs';
import { Pages, pageTexts } from '../webview/page.mjs';
import { percentile, timed } from './measure.mjs';
import { metric, seriesCount } from './watch_data.mjs';

/** @typedef {import('./bench.mjs').Measurement} Measurement */
/** @typedef {import('./watch_data.mjs').WatchWorld} WatchWorld */
/** @typedef {import('playwright-core').Page} Page */

/**
 * Notes how long the page is busy with each frame: from the beginning of the frame until the browser has time for something
 * else again, which is after it has drawn.
 * @param {Page} page
 */
export function watchFrames(page) {
    return page.evaluate(() => {
        const own = /** @type {any} */ (window);
        own.frames = [];
        const { port1, port2 } = new MessageChannel();
        let began = 0;
        port1.onmessage = () => own.frames.push(performance.now() - began);
        const frame = () => {
            began = performance.now();
            port2.postMessage(0);
            requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
    });
}

/** The frames since it was last asked, in ms. @param {Page} page @returns {Promise<number[]>} */
export function framesOf(page) {
    return page.evaluate(() => /** @type {any} */ (window).frames.splice(0));
}

/** Moves about above a plot: the pointer, and drags that zoom. @param {Page} page @param {import('playwright-core').Locator} plot */
export async function moveAbout(page, plot) {
    const box = (await plot.boundingBox()) ?? { x: 0, y: 0, width: 1, height: 1 };
    const y = box.y + box.height / 2;
    for (let round = 0; round < 4; round += 1) {
        await page.mouse.move(box.x + box.width * 0.2, y);
        await page.mouse.move(box.x + box.width * 0.8, y, { steps: 20 });
        await page.mouse.move(box.x + box.width * 0.3, y);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width * 0.7, y, { steps: 20 });
        await page.mouse.up();
        await page.waitForTimeout(400);
    }
}

/** @param {WatchWorld} world @returns {Promise<Measurement[]>} */
export async function measurePages(world) {
    const pages = await Pages.start();
    const measured = [
        ...(await overlaid(world, pages)),
        ...(await large(world, pages)),
        ...(await live(world, pages)),
    ];
    await pages.stop();
    return measured;
}

/** What a page may ask, as its panel forwards it. @param {WatchWorld} world @param {object} about */
function answersOf({ client }, about) {
    const ask =
        (/** @type {string} */ method) =>
        async (/** @type {object} */ params, /** @type {AbortSignal} */ signal) => {
            const asked = client.start(method, { ...about, ...params });
            signal.addEventListener('abort', () => asked.cancel());
            return asked.result;
        };
    const methods = ['runs/view', 'runs/query', 'runs/series', 'runs/table', 'runs/file'];
    return {
        ...Object.fromEntries(methods.map((method) => [method, ask(method)])),
        'views/list': () => ({}),
    };
}

/** Twenty runs over each other. @param {WatchWorld} world @param {Pages} pages @returns {Promise<Measurement[]>} */
async function overlaid(world, pages) {
    const id = world.table('series');
    const names = Array.from({ length: seriesCount }, (_, i) => `series-${i}`);
    const selected = names.map((name, style) => ({ id: world.id(name), title: name, style, isFinal: true }));
    const state = { id, selected, plots: { large: metric }, plotsHeight: 600 };
    const options = {
        answers: answersOf(world, { id }),
        texts: pageTexts('runsTexts'),
        width: 1400,
        height: 1000,
        state,
    };
    const open = async () => {
        const opened = await pages.open('runs', id, options);
        await opened.page.getByRole('figure').locator('canvas').first().waitFor();
        return opened;
    };
    const [opened, opening] = await timed(open);
    const { page } = opened;
    await watchFrames(page);
    await moveAbout(page, page.locator('.plot .u-over').first());
    const frames = await framesOf(page);
    await opened.close();
    return [
        { what: `${seriesCount} long series over each other: opened`, value: opening / 1000, unit: 's' },
        {
            what: '  busy with a frame while zooming, p95',
            value: percentile(frames, 0.95),
            unit: 'ms',
            limit: 16,
        },
        { what: '  the same, at most', value: percentile(frames, 1), unit: 'ms' },
    ];
}

/** The large table. @param {WatchWorld} world @param {Pages} pages @returns {Promise<Measurement[]>} */
async function large(world, pages) {
    const id = world.table('table');
    const options = {
        answers: answersOf(world, { id }),
        texts: pageTexts('runsTexts'),
        width: 1400,
        height: 1000,
    };
    const [opened, opening] = await timed(async () => {
        const made = await pages.open('runs', id, options);
        await made.page.locator('.grid-row').first().waitFor();
        return made;
    });
    const { page } = opened;
    const rows = await page.locator('.grid-row').count();
    await watchFrames(page);
    await page.locator('.grid-row').first().hover();
    for (let i = 0; i < 40; i += 1) {
        await page.mouse.wheel(0, 600);
        await page.waitForTimeout(30);
    }
    const frames = await framesOf(page);
    await opened.close();
    return [
        { what: 'the large table: opened', value: opening, unit: 'ms' },
        { what: '  rows in the page', value: rows, unit: '', limit: 81 },
        {
            what: '  busy with a frame while scrolling, p95',
            value: percentile(frames, 0.95),
            unit: 'ms',
            limit: 16,
        },
    ];
}

/** A run that goes on. @param {WatchWorld} world @param {Pages} pages @returns {Promise<Measurement[]>} */
async function live(world, pages) {
    const go = join(world.project.base, 'go');
    const script = `import os, time\nwhile not os.path.exists(${JSON.stringify(go)}):\n    time.sleep(0.1)\n`;
    world.project.script('wait.py', script);
    const uri = pathToFileURL(world.project.path('wait.job.json')).href;
    const run = await world.client.request('workspace/executeCommand', {
        command: 'azureml.submit',
        arguments: [uri],
    });
    await world.log(
        run.name,
        Float64Array.from({ length: 1000 }, (_, i) => i),
    );
    const id = world.id(run.name);
    let answered = 0;
    const answers = Object.fromEntries(
        Object.entries(answersOf(world, { id })).map(([method, answer]) => [
            method,
            async (/** @type {any} */ params, /** @type {AbortSignal} */ signal) => {
                const result = await answer(params, signal);
                answered += JSON.stringify(result).length;
                return result;
            },
        ]),
    );
    const opened = await pages.open('run', id, { answers, texts: pageTexts('runTexts') });
    const figure = opened.page.getByRole('figure', { name: /points: 1000$/ });
    await figure.waitFor();
    await until(async () => (await opened.page.locator('.stage.active').count()) > 0, 'the run');
    const delays = [];
    const sizes = [];
    for (let round = 1; round <= 12; round += 1) {
        const before = answered;
        await world.log(run.name, Float64Array.of(round), 999 + round);
        const seen = `points: ${1000 + round}$`;
        const shown = opened.page.getByRole('figure', { name: new RegExp(seen) });
        delays.push((await timed(() => shown.waitFor()))[1]);
        sizes.push((answered - before) / 1000);
    }
    await opened.close();
    writeFileSync(go, '');
    return [
        {
            what: 'from a point that Azure has to its pixel, p95',
            value: percentile(delays, 0.95),
            unit: 'ms',
            limit: 3000,
        },
        {
            what: '  what the page is sent for it, median',
            value: percentile(sizes, 0.5),
            unit: 'KB',
            limit: 1,
        },
    ];
}
