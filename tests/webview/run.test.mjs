// @ts-check
// The page about a run: what it shows, what it has done, and that what users and scripts wrote stays text.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { gzipSync } from 'node:zlib';

import { root, until } from '../support/processes.mjs';
import { Pages } from './page.mjs';
import { failedView, openRun, picture, runningView, RunServer, sampleLines } from './run.mjs';

/** @type {Pages} */
let pages;
before(async () => {
    pages = await Pages.start();
});
after(() => pages.stop());

test('the page is small', () => {
    const sizes = ['run.js', 'run.css'].map(
        (name) => gzipSync(readFileSync(path.join(root, 'build/webview', name))).length,
    );
    const kilobytes = sizes.reduce((sum, size) => sum + size) / 1000;
    assert.ok(kilobytes < 70, `${kilobytes} KB`);
});

test('a run that is going on is followed', async () => {
    const lines = new Map();
    const server = new RunServer(runningView(lines, { metrics: [] }), lines);
    const opened = await openRun(pages, server);
    const { page } = opened;
    await page.getByRole('heading', { level: 1, name: 'resnet50-augmented' }).waitFor();
    await page.getByText('No metrics yet.').waitFor();
    await until(
        async () => /^0:36:\d\d$/.test((await page.locator('.stage.active .stage-time').textContent()) ?? ''),
        'the stopwatch',
    );
    await page.getByText('usually 55 min').waitFor();
    await opened.question('runs/view', ({ revision }) => revision === 1);
    server.change({ statusText: 'completed', statusIcon: 'pass-filled', isFinal: true, stages: [] });
    await page.getByText('completed').waitFor();
    await page.getByText('This run logged no metrics.').waitFor();
    await page.getByRole('button', { name: 'Cancel Run' }).waitFor({ state: 'hidden' });
    assert.equal(await page.getByRole('heading', { name: 'Stages' }).count(), 0);
    await opened.question('runs/view', ({ revision }) => revision === 2);
    assert.deepEqual([opened.errors, opened.blocked], [[], []]);
    await opened.close();
});

test('a failure is explained, and leads to the lines and the log', async () => {
    const lines = new Map();
    const opened = await openRun(pages, new RunServer(failedView(lines), lines));
    const { page } = opened;
    await page.getByRole('heading', { name: /OutOfMemoryError/ }).waitFor();
    await page.getByRole('button', { name: 'cells/model.py, line 41' }).click();
    await page.locator('.failure').getByRole('button', { name: 'Show Log' }).click();
    await page.getByRole('button', { name: 'system_logs/lifecycler/execution-wrapper.log' }).click();
    assert.equal(await page.getByRole('button', { name: /conv\.py/ }).count(), 0);
    await until(() => opened.actions.length === 3, 'three actions');
    assert.deepEqual(opened.actions, [
        { kind: 'openSource', uri: 'file:///home/fang/cells/cells/model.py', line: 41 },
        { kind: 'showLog', path: 'user_logs/std_log.txt' },
        { kind: 'showLog', path: 'system_logs/lifecycler/execution-wrapper.log' },
    ]);
    await opened.close();
});

test('the buttons of the head and the configuration do what they say', async () => {
    const lines = new Map();
    const opened = await openRun(pages, new RunServer(runningView(lines), lines));
    const buttons = {
        'Show Log': 'showLog',
        'Cancel Run': 'cancel',
        'Repeat Last Run': 'repeat',
        'Repeat with Changes…': 'repeatWithChanges',
        'Open in Portal': 'openInPortal',
        'Show in Tree': 'reveal',
        'Open as Document': 'openConfiguration',
        'Compare Code with…': 'compareCode',
        'Restore Code…': 'restoreCode',
    };
    for (const name of Object.keys(buttons))
        await opened.page.getByRole('button', { name, exact: true }).click();
    await until(() => opened.actions.length === Object.keys(buttons).length, 'all actions');
    const kinds = opened.actions.map(({ kind }) => kind);
    assert.deepEqual(kinds, Object.values(buttons));
    await opened.page.getByText('JSON', { exact: true }).click();
    await opened.page.getByText('python train.py --epochs 40').waitFor();
    await opened.close();
});

test('files are downloaded and become models', async () => {
    const lines = new Map();
    const opened = await openRun(pages, new RunServer(runningView(lines), lines));
    const { page } = opened;
    await page.getByRole('button', { name: 'Download All…' }).click();
    const file = page.locator('.files li').last();
    await file.getByRole('button').first().click();
    await file.getByRole('button', { name: 'Download…' }).click();
    await file.getByRole('button', { name: 'Register Model…' }).click();
    await until(() => opened.actions.length === 3, 'three actions');
    const path = await file.getByRole('button').first().textContent();
    assert.deepEqual(opened.actions, [
        { kind: 'download' },
        { kind: 'download', path },
        { kind: 'registerModel', path },
    ]);
    await opened.close();
});

test('a lost connection is shown and made again, and what was shown stays', async () => {
    const lines = new Map();
    const server = new RunServer(runningView(lines), lines);
    const view = server.answers['runs/view'] ?? assert.fail();
    const opened = await openRun(pages, server);
    const { page } = opened;
    const lost = Object.assign(new Error('Azure cannot be reached.'), { kind: 'NotSignedIn' });
    server.answers['runs/view'] = () => {
        throw lost;
    };
    server.change({});
    await page.getByText('Azure cannot be reached.').waitFor();
    await page.getByRole('heading', { level: 1, name: 'resnet50-augmented' }).waitFor();
    await page.getByRole('button', { name: 'Sign In' }).click();
    await until(() => opened.actions.some(({ kind }) => kind === 'signIn'), 'the sign-in');
    server.answers['runs/view'] = view;
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.getByText('Azure cannot be reached.').waitFor({ state: 'hidden' });
    server.change({ problem: 'Azure has not answered for 5 minutes.' });
    await page.getByText('Azure has not answered for 5 minutes.').waitFor();
    await opened.close();
});

test('what scripts and users wrote is shown as text, and nothing of it runs', async () => {
    const evil = `"><img src=x onerror="window.ran=1"><script>window.ran=1</script>{0}`;
    const lines = new Map([[evil, { x: [0, 1], y: [1, 2], note: evil }]]);
    const named = [{ name: evil, text: evil }];
    const view = runningView(lines, {
        title: evil,
        statusText: evil,
        statusIcon: evil,
        statusColor: `red;background:url(//x)`,
        problem: evil,
        facts: named,
        parameters: named,
        tags: named,
        warnings: [evil],
        stages: [{ name: evil, state: 'done', duration: evil, usual: evil, text: evil }],
        metrics: [
            { name: evil, kind: 'scalar', value: evil, columns: [evil], revision: 1 },
            { name: `${evil}t`, kind: 'table', value: '', columns: [evil], revision: 1 },
            { name: evil, kind: evil, value: evil, columns: [], revision: 1 },
        ],
        images: [{ name: evil, steps: [{ path: evil }] }],
        files: [{ path: evil }, { path: 'notes.txt' }],
        logs: [evil],
        configuration: evil,
        failure: {
            title: evil,
            text: evil,
            advice: evil,
            frames: [{ path: evil, line: 1, function: evil, code: evil, uri: 'command:evil' }],
            log: evil,
        },
    });
    const server = new RunServer(view, lines);
    server.answers['runs/table'] = () => ({ columns: [evil], rows: [{ cells: [evil] }], total: 1 });
    server.answers['runs/file'] = ({ path: name }) =>
        name === 'notes.txt'
            ? { kind: 'text', size: 9, complete: false, text: evil }
            : { kind: 'image', size: 9, complete: true, mediaType: 'text/html', data: btoa(evil) };
    const opened = await openRun(pages, server, { state: { large: evil } });
    const { page } = opened;
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.getByRole('button', { name: 'notes.txt' }).click();
    await page.locator('.preview pre').waitFor();
    await page.locator('.chart.large tbody').waitFor();
    await page.locator('.image-frame p').waitFor();
    const shown = (await page.locator('body').textContent())?.split(evil).length ?? 0;
    assert.ok(shown > 30, `${shown} times`);
    assert.equal(await page.evaluate(() => 'ran' in window), false);
    assert.equal(await page.locator('img[src=x]').count(), 0);
    assert.equal(await page.locator('body script:not([nonce])').count(), 0);
    assert.deepEqual(opened.errors, []);
    await opened.close();
});

test('the policy blocks code that is not the page’s own', async () => {
    const lines = new Map();
    const opened = await openRun(pages, new RunServer(runningView(lines), lines));
    const ran = await opened.page.evaluate(() => {
        const inline = document.createElement('script');
        inline.textContent = 'window.ran = 1';
        document.body.append(inline);
        const foreign = document.createElement('script');
        foreign.src = '/run.js';
        document.body.append(foreign);
        const element = document.createElement('div');
        element.setAttribute('onclick', 'window.ran = 1');
        document.body.append(element);
        element.click();
        element.setAttribute('style', 'color: red');
        const picture = document.createElement('img');
        picture.src = '/run.css';
        return 'ran' in window;
    });
    assert.equal(ran, false);
    await until(() => opened.blocked.length >= 5, 'what is blocked');
    const kinds = ['img-src', 'script-src-attr', 'script-src-elem', 'style-src-attr'];
    assert.deepEqual([...new Set(opened.blocked)].sort(), kinds);
    await assert.rejects(opened.page.evaluate(() => fetch('/run.js')));
    await opened.close();
});

test('images are looked through by their steps, and one that is none says so', async () => {
    const lines = new Map();
    const server = new RunServer(runningView(lines), lines);
    const opened = await openRun(pages, server);
    const { page } = opened;
    const predictions = page.locator('.image').first();
    await predictions.getByRole('img', { name: 'predictions · Step 15' }).waitFor();
    await predictions.getByRole('button', { name: 'Previous image' }).click();
    await predictions.getByRole('img', { name: 'predictions · Step 10' }).waitFor();
    const grown = [...server.view.images[0].steps, { step: 20, path: 'images/predictions_20.png' }];
    server.change({ images: [{ name: 'predictions', steps: grown }, server.view.images[1]] });
    await predictions.getByRole('slider').fill('4');
    await predictions.getByRole('img', { name: 'predictions · Step 20' }).waitFor();
    server.answers['runs/file'] = () => ({
        ...picture(''),
        data: btoa('no picture'),
        mediaType: 'image/png',
    });
    await predictions.getByRole('button', { name: 'Previous image' }).click();
    await predictions.getByText('This file is no image that can be shown here.').waitFor();
    await opened.close();
});

test('files are previewed below their names', async () => {
    const lines = new Map();
    const files = Array.from({ length: 80 }, (_, index) => ({ path: `outputs/part-${index}.bin` }));
    const first = [{ path: 'a.txt' }, { path: 'b.png' }];
    const view = runningView(lines, { files: [...first, ...files], moreFiles: 12 });
    const opened = await openRun(pages, new RunServer(view, lines));
    const { page } = opened;
    const list = page.locator('.files').last();
    assert.equal(await list.locator('li').count(), 50);
    await page.getByText('and 12 more').waitFor();
    await page.getByRole('button', { name: 'Show all 82 files' }).click();
    assert.equal(await list.locator('li').count(), 82);
    const text = page.getByRole('button', { name: 'a.txt' });
    await text.click();
    await page.getByText('The first line of a.txt').waitFor();
    assert.equal(await text.getAttribute('aria-expanded'), 'true');
    await text.click();
    await page.getByText('The first line of a.txt').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'b.png' }).click();
    await page.getByRole('img', { name: 'b.png' }).waitFor();
    await page.getByRole('button', { name: 'part-3.bin' }).click();
    await page.getByText('This file (102.4 MB) cannot be shown here.').waitFor();
    await opened.close();
});

test('the page speaks Chinese', async () => {
    const lines = sampleLines();
    const opened = await openRun(pages, new RunServer(failedView(lines), lines), { language: 'zh-cn' });
    const { page } = opened;
    await page.getByRole('button', { name: '在门户中打开' }).waitFor();
    await page.getByRole('figure', { name: /^train\/loss/ }).scrollIntoViewIfNeeded();
    await page.getByText('已绘制 12,000 个点中的').waitFor();
    const english = /\b(Show|Open|Metrics|Stages|Files|Logs|Step|points|usually|Images|Tags)\b/;
    const own = await page.locator('h2, button, label, .chart-about, .stage .dim').allTextContents();
    assert.deepEqual(
        own.filter((text) => english.test(text)),
        [],
    );
    await opened.close();
});
