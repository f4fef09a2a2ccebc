// @ts-check
// Plots as files: pictures that need nothing else, and every value that was logged.

import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { until } from '../support/processes.mjs';
import { Pages } from './page.mjs';
import { metricsOf, openRun, runningView, RunServer } from './run.mjs';
import { openRuns, select, serverOf } from './runs.mjs';

/** @typedef {import('./page.mjs').OpenPage} OpenPage */
/** @typedef {import('./series.mjs').Line} Line */

/** @type {Pages} */
let pages;
before(async () => {
    pages = await Pages.start();
});
after(() => pages.stop());

const script = `</title><script>document.title = 'ran'</script>&"'\u0001`;

/** A page about a run with these metrics. @param {Map<string, Line>} lines @param {object} [options] */
async function openLines(lines, options = {}) {
    const server = new RunServer(runningView(lines, { metrics: metricsOf(lines), logged: [] }), lines);
    server.answers['page/save'] = () => true;
    return openRun(pages, server, options);
}

/** Saves a plot, and answers the file that the editor was given. @param {OpenPage} opened @param {RegExp} figure @param {string} item */
async function save(opened, figure, item) {
    const { page } = opened;
    const before = opened.asked('page/save').length;
    await page.getByRole('figure', { name: figure }).getByRole('button', { name: 'Save Plot' }).click();
    await page.getByRole('menuitem', { name: item }).click();
    await until(() => opened.asked('page/save').length > before, 'a file');
    return opened.asked('page/save').at(-1)?.params;
}

/** What an SVG has, read by a parser that forgives nothing. @param {OpenPage} opened @param {string} text */
async function readSvg({ page }, text) {
    return page.evaluate((source) => {
        const picture = new DOMParser().parseFromString(source, 'image/svg+xml');
        const all = [...picture.querySelectorAll('*')];
        const lines = [...picture.querySelectorAll('g[clip-path] > g')];
        return {
            isWhole: picture.querySelector('parsererror') === null,
            tags: [...new Set(all.map(({ localName }) => localName))],
            links: all.flatMap((element) =>
                [...element.attributes].filter(
                    ({ name, value }) => name !== 'xmlns' && /https?:/.test(value),
                ),
            ).length,
            texts: [...picture.querySelectorAll('text')].map(({ textContent }) => textContent),
            lines: lines.map((line) => ({
                name: line.querySelector('title')?.textContent,
                stroke: line.querySelector('.raw')?.getAttribute('stroke'),
                dash: line.querySelector('.raw')?.getAttribute('stroke-dasharray'),
                raw: line.querySelector('.raw')?.getAttribute('d') ?? '',
                smooth: line.querySelector('.smooth')?.getAttribute('d'),
                dots: line.querySelectorAll('circle').length,
                crosses: line.querySelector('path:not([class])')?.getAttribute('d')?.split('M').length,
            })),
        };
    }, text);
}

/** The strokes of a path, with the points of each. @param {string} path */
function strokesOf(path) {
    return path
        .split('M')
        .slice(1)
        .map((stroke) => stroke.split('L').map((point) => point.split(' ').map(Number)));
}

/** Whether points in pixels are values to scale: what one knows of two is so for all. @param {readonly (readonly number[])[]} drawn @param {readonly (readonly number[])[]} values */
function assertToScale(drawn, values) {
    assert.equal(drawn.length, values.length);
    for (const axis of [0, 1]) {
        const pairs = drawn.map((point, index) => [point[axis] ?? NaN, values[index]?.[axis] ?? NaN]);
        const [low = [], high = []] = [
            pairs.reduce((a, b) => (Number(b[1]) < Number(a[1]) ? b : a)),
            pairs.reduce((a, b) => (Number(b[1]) > Number(a[1]) ? b : a)),
        ];
        const scale = (Number(high[0]) - Number(low[0])) / (Number(high[1]) - Number(low[1]));
        for (const [pixels, value] of pairs)
            assert.ok(
                Math.abs(Number(low[0]) + (Number(value) - Number(low[1])) * scale - Number(pixels)) < 0.1,
            );
    }
}

test('a picture of a plot is a well-formed SVG with the data of the plot', async () => {
    const y = Array.from({ length: 200 }, (_, step) => (step === 90 ? NaN : Math.sin(step / 20) + step / 50));
    const x = y.map((_, step) => step);
    const opened = await openLines(new Map([['train/loss', { x, y }]]));
    const file = await save(opened, /^train\/loss/, 'As Vector Graphic (SVG)…');
    assert.equal(file.name, 'train_loss.svg');
    const read = await readSvg(opened, file.text);
    assert.ok(read.isWhole);
    assert.equal(read.links, 0);
    assert.deepEqual(
        read.tags.sort(),
        ['circle', 'clipPath', 'g', 'path', 'rect', 'svg', 'text', 'title'].filter((tag) => tag !== 'circle'),
    );
    const [line] = read.lines;
    assert.equal(read.lines.length, 1);
    const strokes = strokesOf(line?.raw ?? '');
    assert.deepEqual(
        strokes.map(({ length }) => length),
        [90, 109],
        'broken where there is no number',
    );
    assert.equal(line?.crosses, 2);
    assertToScale(
        strokes.flat(),
        x.flatMap((step) => (step === 90 ? [] : [[step, y[step] ?? NaN]])),
    );
    for (const text of ['train/loss', 'Step', '100', '4']) assert.ok(read.texts.includes(text), text);
    await opened.close();
});

test('what is zoomed and smoothed is in the picture as on the page; a small plot has dots', async () => {
    const line = (/** @type {number} */ count) => ({
        x: Array.from({ length: count }, (_, step) => step),
        y: Array.from({ length: count }, (_, step) => (step * 7919) % 13),
    });
    const opened = await openLines(
        new Map([
            ['few', line(12)],
            ['many', line(5000)],
        ]),
        {
            state: {
                settings: { axis: 'step', smoothing: 0.9, isLogarithmic: false },
                zooms: { many: [1000, 1400] },
            },
        },
    );
    const few = await readSvg(opened, (await save(opened, /^few/, 'As Vector Graphic (SVG)…')).text);
    assert.equal(few.lines[0]?.dots, 12);
    const many = await readSvg(opened, (await save(opened, /^many/, 'As Vector Graphic (SVG)…')).text);
    assert.equal(strokesOf(many.lines[0]?.raw ?? '').flat().length, 401);
    assert.ok(strokesOf(many.lines[0]?.smooth ?? '').flat().length > 50);
    assert.ok(many.texts.includes('1200') && !many.texts.includes('2000'));
    await opened.close();
});

test('runs over each other are told apart in the picture, in high contrast by their dashes', async () => {
    const lines = { a: { x: [0, 1, 2, 3], y: [4, 3, 2, 1] }, b: { x: [1, 3], y: [8, 6] } };
    const strokes = [];
    for (const theme of /** @type {const} */ (['dark', 'hc-black'])) {
        const server = serverOf(lines);
        server.answers['page/save'] = () => true;
        const opened = await openRuns(pages, server, { theme });
        await select(opened, 2);
        const read = await readSvg(opened, (await save(opened, /^loss/, 'As Vector Graphic (SVG)…')).text);
        assert.deepEqual(
            read.lines.map(({ name, raw }) => [name, strokesOf(raw).flat().length]),
            [
                ['a', 4],
                ['b', 2],
            ],
        );
        assert.ok(read.texts.includes('a') && read.texts.includes('b'));
        assert.notEqual(read.lines[0]?.stroke, read.lines[1]?.stroke);
        strokes.push(read.lines.map(({ dash }) => dash));
        assert.deepEqual(opened.errors, []);
        await opened.close();
    }
    assert.equal(strokes[0]?.[0], strokes[0]?.[1]);
    assert.notEqual(strokes[1]?.[0], strokes[1]?.[1]);
});

test('a PNG is a picture of twice the pixels, and the policy stands', async () => {
    const opened = await openLines(new Map([['loss', { x: [0, 1, 2], y: [3, 1, 2] }]]));
    const { name, base64 } = await save(opened, /^loss/, 'As Picture (PNG)…');
    assert.equal(name, 'loss.png');
    const bytes = Buffer.from(base64, 'base64');
    assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
    assert.ok(bytes.readUInt32BE(16) > 1600);
    assert.ok(bytes.length > 5000, 'something is drawn');
    assert.deepEqual([opened.errors, opened.blocked], [[], []]);
    await opened.close();
});

test('a CSV has every value, of several runs with their names', async () => {
    const count = 2345;
    const x = Array.from({ length: count }, (_, step) => step);
    const opened = await openLines(new Map([['loss', { x, y: x.map((step) => step / 4) }]]));
    const { name, text } = await save(opened, /^loss/, 'As Values (CSV)…');
    assert.equal(name, 'loss.csv');
    assert.deepEqual(text.trimEnd().split('\r\n'), ['Step,Value', ...x.map((step) => `${step},${step / 4}`)]);
    await opened.close();

    const server = serverOf({ a: { x: [0, 1], y: [4, 3] }, b: { x: [1], y: [8] } });
    server.answers['page/save'] = () => true;
    const table = await openRuns(pages, server);
    await select(table, 2);
    const both = await save(table, /^loss/, 'As Values (CSV)…');
    assert.equal(both.text, 'Run,Step,Value\r\na,0,4\r\na,1,3\r\nb,1,8\r\n');
    await table.close();
});

test('a name that is a script is a text in the picture, and in the name of its file', async () => {
    const opened = await openLines(new Map([[script, { x: [0, 1], y: [0, 1] }]]));
    const { name, text } = await save(opened, /script/, 'As Vector Graphic (SVG)…');
    assert.match(name, /^[^<>:"/\\|?*\u0001]+\.svg$/);
    const read = await readSvg(opened, text);
    assert.ok(read.isWhole);
    assert.ok(!read.tags.includes('script'));
    assert.equal(read.texts.filter((one) => one === script.replace('\u0001', '\ufffd')).length, 1);
    await opened.close();
});

test('the menu opens with the keyboard and gives the focus back; why a file was not saved is shown', async () => {
    const opened = await openLines(new Map([['loss', { x: [0, 1], y: [0, 1] }]]));
    const { page } = opened;
    const figure = page.getByRole('figure');
    const button = figure.getByRole('button', { name: 'Save Plot' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'As Picture (PNG)…' }).waitFor();
    await page.keyboard.press('Escape');
    await until(() => button.evaluate((element) => element === document.activeElement), 'the focus');
    await figure.click({ button: 'right', position: { x: 20, y: 40 } });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const { params } = await opened.question('page/save');
    assert.equal(params.name, 'loss.csv');
    await until(
        async () => (await page.locator('[aria-live=polite].unseen').textContent()) === 'Saved.',
        'the word',
    );
    await opened.close();

    const lines = new Map([['loss', { x: [0, 1], y: [0, 1] }]]);
    const server = new RunServer(runningView(lines, { metrics: metricsOf(lines), logged: [] }), lines);
    server.answers['page/save'] = () => {
        throw new Error('No room on the disk.');
    };
    const full = await openRun(pages, server);
    await save(full, /^loss/, 'As Picture (PNG)…');
    await full.page.getByText('No room on the disk.').waitFor();
    await full.close();
});
