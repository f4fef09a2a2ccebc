// @ts-check
// The table of runs: which rows it asks for and shows, sorted, filtered and compared, by mouse and by keyboard.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { gzipSync } from 'node:zlib';

import { root, until } from '../support/processes.mjs';
import { Pages } from './page.mjs';
import { column, openRuns, row, RunsServer, sampleTable, workspaceId } from './runs.mjs';

/** @typedef {import('./page.mjs').OpenPage} OpenPage */

/** @type {Pages} */
let pages;
before(async () => {
    pages = await Pages.start();
});
after(() => pages.stop());

const nameColumn = { id: 'name', title: 'Name', group: 'run', isNumber: false, varies: true };

/** A table of as many runs and metrics. @param {number} rows @param {number} columns */
function largeTable(rows, columns) {
    const metrics = Array.from({ length: columns }, (_, index) => column('metric', `m${index}`));
    return {
        title: 'large',
        columns: [nameColumn, ...metrics],
        rows: Array.from({ length: rows }, (_, index) => {
            const values = Object.fromEntries(metrics.map(({ id }, at) => [id, `${index}.${at}`]));
            return row(`run_${index}`, 'Completed', values);
        }),
    };
}

/** The names that can be seen, from the top. @param {OpenPage} opened */
async function names({ page }) {
    const rows = await page.locator('.grid-row').evaluateAll((elements) =>
        elements.map((element) => ({
            top: element.getBoundingClientRect().top,
            name: element.querySelector('.run-name')?.textContent ?? '',
        })),
    );
    return rows.sort((a, b) => a.top - b.top).map(({ name }) => name);
}

/** @param {OpenPage} opened @param {string} title */
function heading({ page }, title) {
    return page.getByRole('columnheader', { name: title, exact: true });
}

/** The text of the cell that the cursor is in. @param {OpenPage} opened */
async function cursorText({ page }) {
    return page.locator('.grid').evaluate((grid) => {
        const id = grid.getAttribute('aria-activedescendant') ?? '';
        return document.getElementById(id)?.textContent ?? '';
    });
}

/** The last question about rows. @param {OpenPage} opened */
function lastQuery(opened) {
    return opened.asked('runs/query').at(-1)?.params;
}

test('the page is small', () => {
    const sizes = ['runs.js', 'runs.css'].map(
        (name) => gzipSync(readFileSync(path.join(root, 'build/webview', name))).length,
    );
    const kilobytes = sizes.reduce((sum, size) => sum + size) / 1000;
    assert.ok(kilobytes < 65, `${kilobytes} KB`);
});

test('of 10,000 runs with 500 metrics the document has what is in view, and no more is asked for', async () => {
    const server = new RunsServer(largeTable(10_000, 500));
    const state = { view: { filter: '', sort: [], columns: server.table.columns.map(({ id }) => id) } };
    const opened = await openRuns(pages, server, { state });
    const { page } = opened;
    await page.getByText('10,000 runs').waitFor();
    const grid = page.getByRole('grid');
    assert.equal(await grid.getAttribute('aria-rowcount'), '10001');
    const size = async () => ({
        rows: await page.locator('.grid-row').count(),
        cells: await page.locator('.grid-cell').count(),
    });
    const first = await size();
    assert.ok(first.rows >= 20 && first.rows <= 80, `${first.rows} rows`);
    assert.ok(first.cells <= 80 * 20, `${first.cells} cells`);
    const asked = opened.asked('runs/query').length;
    await grid.evaluate((element) => {
        element.scrollTop = 5000 * 24;
        element.scrollLeft = 20_000;
    });
    await page.locator('.run-name', { hasText: /^run_5010$/ }).waitFor();
    const { offset, count, columns } = lastQuery(opened);
    assert.ok(offset > 4900 && offset + count < 5150, `${offset}, ${count}`);
    assert.ok(columns.length < 30 && !columns.includes('metrics.m0'), `${columns}`);
    assert.ok(opened.asked('runs/query').length - asked < 8);
    const place = Number(columns[Math.floor(columns.length / 2)].replace('metrics.m', ''));
    await page.getByRole('gridcell', { name: `5010.${place}`, exact: true }).waitFor();
    assert.ok((await size()).rows <= 80);
    for (const { params } of opened.asked('runs/query')) assert.ok(params.count <= 200, `${params.count}`);
    assert.deepEqual([opened.errors, opened.blocked], [[], []]);
    await opened.close();
});

test('an answer for rows that have left the view is not shown', async () => {
    const server = new RunsServer(largeTable(2000, 2));
    const query = server.answers['runs/query'] ?? assert.fail();
    /** @type {(() => void)[]} */
    const held = [];
    server.answers['runs/query'] = async (params, signal) => {
        if (params.offset > 400 && params.offset < 1000)
            await new Promise((resolve) => held.push(() => resolve(undefined)));
        return query(params, signal);
    };
    const opened = await openRuns(pages, server);
    const scroll = (/** @type {number} */ to) =>
        opened.page.getByRole('grid').evaluate((element, top) => {
            element.scrollTop = top * 24;
        }, to);
    await scroll(600);
    await until(() => held.length > 0, 'a question that waits');
    await scroll(1500);
    await opened.page.locator('.run-name', { hasText: 'run_1510' }).waitFor();
    for (const go of held) go();
    await opened.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    assert.ok((await names(opened)).every((name) => /^run_1[45]\d\d$/.test(name)));
    await opened.close();
});

test('the headings sort, by one column or several', async () => {
    const opened = await openRuns(pages, new RunsServer());
    const accuracy = heading(opened, 'eval/accuracy');
    await accuracy.click();
    await opened.question('runs/query', ({ sort }) => sort?.[0]?.descending === true);
    assert.equal(await accuracy.getAttribute('aria-sort'), 'descending');
    const title = accuracy.locator('.grid-title');
    assert.ok(
        await title.evaluate((text) => text.scrollWidth <= text.clientWidth),
        'its name is not cut off',
    );
    const best = opened.page.locator('.grid-row').first().locator('[data-column="4"]');
    await until(async () => Number(await best.textContent()) > 0.97, 'the best first');
    await accuracy.click();
    await until(async () => Number(await best.textContent()) < 0.8, 'the worst first');
    assert.equal(await accuracy.getAttribute('aria-sort'), 'ascending');
    await heading(opened, 'State').click({ modifiers: ['Shift'] });
    await opened.question('runs/query', ({ sort }) => sort?.length === 2);
    assert.deepEqual(lastQuery(opened).sort, [
        { column: 'metrics.eval/accuracy', descending: false },
        { column: 'status', descending: false },
    ]);
    await accuracy.click();
    await until(async () => (await accuracy.getAttribute('aria-sort')) === null, 'no order');
    await opened.close();
});

test('the keyboard goes everywhere, sorts, selects, opens and compares', async () => {
    const server = new RunsServer(sampleTable(300));
    const opened = await openRuns(pages, server);
    const { page } = opened;
    const [first = '', second = ''] = await names(opened);
    const press = (/** @type {string[]} */ ...keys) =>
        keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
    await page.getByRole('grid').focus();
    assert.equal(await cursorText(opened), first);
    await press('ArrowDown');
    assert.equal(await cursorText(opened), second);
    await press('ArrowRight');
    assert.equal(await cursorText(opened), 'running');
    await press('Control+End');
    await until(async () => (await cursorText(opened)) !== '', 'the last row');
    assert.equal(await page.locator('[aria-rowindex="301"]').count(), 1);
    await press('Control+Home');
    await until(async () => (await cursorText(opened)) === first, 'the first row');
    await press('PageDown', 'PageDown', 'End', 'PageUp', 'PageUp', 'Home', 'Enter');
    await until(() => opened.actions.length > 0, 'the page of the run');
    assert.deepEqual(opened.actions, [{ kind: 'open', run: `${workspaceId}/jobs/${first}` }]);
    await press('Space');
    await until(async () => (await page.locator('.legend-entry').count()) === 1, 'the selected run');
    await press('ArrowDown', 'b');
    await page.getByText(`Compared with ${second}`).waitFor();
    await press('b');
    await page.getByText(`Compared with ${second}`).waitFor({ state: 'hidden' });
    await press('ArrowUp', 'ArrowUp', 'ArrowRight', 'Enter');
    await opened.question('runs/query', ({ sort }) => sort?.[0]?.column === 'status');
    const width = async () => (await heading(opened, 'State').boundingBox())?.width;
    assert.equal(await width(), 120);
    await press('Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowLeft');
    assert.equal(await width(), 136);
    assert.deepEqual(opened.state.widths, { status: 136 });
    assert.deepEqual(opened.errors, []);
    await opened.close();
});

test('a filter is used when there is a pause in typing, and says what is wrong with it', async () => {
    const opened = await openRuns(pages, new RunsServer());
    const { page } = opened;
    const filter = page.getByRole('searchbox', { name: 'Filter', exact: true });
    await filter.pressSequentially('status = Failed');
    await page.getByText(/^\d of 37 runs$/).waitFor();
    const filters = opened.asked('runs/query').map(({ params }) => params.filter);
    assert.ok(filters.filter((text) => text !== undefined).length < 5, `${filters}`);
    await filter.fill('eval/accuracy > high');
    const problem = page.getByText('eval/accuracy has numbers, and high is none.');
    await problem.waitFor();
    assert.equal(await filter.getAttribute('aria-describedby'), await problem.getAttribute('id'));
    assert.equal(await filter.getAttribute('aria-invalid'), 'true');
    await filter.fill('eval/accuracy > 2');
    await page.getByText('No run matches the filter.').waitFor();
    assert.equal(await filter.getAttribute('aria-describedby'), null);
    await filter.fill('');
    await page.getByText('37 runs', { exact: true }).waitFor();
    await opened.close();
});

test('a cell filters by its value, with Alt or from its menu', async () => {
    const opened = await openRuns(pages, new RunsServer());
    const { page } = opened;
    const cell = (/** @type {number} */ at, /** @type {string} */ title) =>
        page
            .locator('.grid-row')
            .nth(at)
            .locator(`[data-column="${{ State: 1, augment: 7, batch_size: 8 }[title]}"]`);
    await cell(2, 'State').click({ modifiers: ['Alt'] });
    const filter = page.getByRole('searchbox', { name: 'Filter', exact: true });
    await until(async () => /^status = \w+$/.test(await filter.inputValue()), 'the condition');
    const { filter: text } = (await opened.question('runs/query', ({ filter: one }) => one)).params;
    assert.match(text, /^status = (Completed|Failed|Canceled)$/);
    await page.getByText(/^\d+ of 37 runs$/).waitFor();
    await cell(0, 'batch_size').click({ button: 'right' });
    await page.getByRole('menuitem', { name: /^Filter: batch_size = \d+$/ }).click();
    await until(async () => / and batch_size = \d+$/.test(await filter.inputValue()), 'both conditions');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Use as Baseline');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'grid');
    await opened.close();
});

test('numbers say how they differ from the baseline', async () => {
    const table = {
        title: 'two',
        columns: [nameColumn, column('metric', 'loss'), column('parameter', 'note', false)],
        rows: [
            row('a', 'Completed', { 'metrics.loss': '0.5', 'params.note': 'x' }),
            row('b', 'Completed', { 'metrics.loss': '0.75', 'params.note': 'y' }),
            row('c', 'Completed', {}),
        ],
    };
    const opened = await openRuns(pages, new RunsServer(table));
    await opened.page.getByRole('grid').focus();
    await opened.page.keyboard.press('b');
    await opened.page.locator('.difference').waitFor();
    assert.deepEqual(await opened.page.locator('.difference').allTextContents(), ['+0.25']);
    assert.equal(
        await opened.page.locator('.grid-row', { hasText: 'Baseline' }).getAttribute('data-row'),
        '0',
    );
    assert.deepEqual(opened.state.view.baseline, { id: `${workspaceId}/jobs/a`, title: 'a' });
    await opened.page.getByRole('button', { name: 'Compare with Nothing' }).click();
    await until(async () => (await opened.page.locator('.difference').count()) === 0, 'no differences');
    await opened.close();
});

test('a star is kept by the server and found by the filter; pinned runs stay on top of any order', async () => {
    const server = new RunsServer({
        title: 'three',
        columns: [nameColumn, column('metric', 'loss')],
        rows: ['a', 'b', 'c'].map((name, index) => row(name, 'Completed', { 'metrics.loss': String(index) })),
    });
    const opened = await openRuns(pages, server);
    const { page } = opened;
    const names = async () => (await page.locator('.run-name').allTextContents()).join('');
    await page.getByRole('grid').focus();
    await page.keyboard.press('s');
    await page.locator('.grid-row').first().getByRole('img', { name: 'Starred' }).waitFor();
    assert.deepEqual([...server.stars], [`${workspaceId}/jobs/a`]);
    await page.locator('.grid-row', { hasText: 'c' }).locator('.star').click();
    await until(() => server.stars.size === 2, 'a second star');
    await page.getByRole('searchbox', { name: 'Filter', exact: true }).fill('starred');
    await until(async () => (await names()) === 'ac', 'those with a star');
    await page.locator('.run-name', { hasText: 'a' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Remove Star' }).click();
    await until(async () => (await names()) === 'c', 'the one with a star');
    await page.getByRole('searchbox', { name: 'Filter', exact: true }).fill('');
    await until(async () => (await names()) === 'abc', 'all');

    await page.locator('.run-name', { hasText: 'b' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Pin to Top' }).click();
    await until(async () => (await names()) === 'bac', 'b first');
    await heading(opened, 'loss').click();
    const first = async () => (await names()).charAt(0);
    await opened.question('runs/query', ({ sort, pinned }) => sort?.length === 1 && pinned?.length === 1);
    await until(async () => (await first()) === 'b', 'b first, still');
    await page.locator('.grid-row').first().getByRole('img', { name: 'Pinned' }).waitFor();
    assert.deepEqual(opened.state.view.pinned, [`${workspaceId}/jobs/b`]);
    await page.locator('.grid-row').first().locator('[data-column="1"]').click();
    await page.getByRole('grid').focus();
    await page.keyboard.press('p');
    await page.getByRole('img', { name: 'Pinned' }).waitFor({ state: 'detached' });
    assert.deepEqual(opened.errors, []);
    await opened.close();
});

test('columns are found and chosen, and those that tell the runs apart are shown again', async () => {
    const opened = await openRuns(pages, new RunsServer(), { width: 1700 });
    const { page } = opened;
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('searchbox', { name: 'Find a column' }).fill('see');
    await page.getByRole('checkbox', { name: 'seed' }).check();
    await heading(opened, 'seed').waitFor({ state: 'attached' });
    await page.getByRole('searchbox', { name: 'Find a column' }).fill('no such');
    await page.getByText('No column has this in its name.').waitFor();
    await page.getByRole('button', { name: 'Show what tells the runs apart' }).click();
    await heading(opened, 'seed').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    const titles = await page.getByRole('columnheader').allTextContents();
    assert.deepEqual(titles.slice(0, 5), ['Name', 'State', 'Submitted', 'Duration', 'eval/accuracy']);
    assert.equal(await page.getByRole('grid').getAttribute('aria-colcount'), '11');
    await opened.close();
});

test('a column is made wider with the mouse', async () => {
    const opened = await openRuns(pages, new RunsServer());
    const { page } = opened;
    const box = (await heading(opened, 'State').boundingBox()) ?? assert.fail();
    await page.mouse.move(box.x + box.width - 2, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width + 60, box.y + 10, { steps: 4 });
    await page.mouse.up();
    const width = (await heading(opened, 'State').boundingBox())?.width ?? 0;
    assert.ok(Math.abs(width - box.width - 62) <= 1, `${width}`);
    assert.equal(await heading(opened, 'State').getAttribute('aria-sort'), null);
    await opened.close();
});

test('views are saved under names, shown again and deleted', async () => {
    const server = new RunsServer();
    const opened = await openRuns(pages, server);
    const { page } = opened;
    await heading(opened, 'eval/loss').click();
    const filter = page.getByRole('searchbox', { name: 'Filter', exact: true });
    await filter.fill('status = Completed');
    await filter.press('Enter');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByText('No view is saved yet.').waitFor();
    await page.getByRole('textbox', { name: 'Name of this view' }).fill('Worst "ones"');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Worst "ones"', exact: true }).waitFor();
    const saved = {
        filter: 'status = Completed',
        sort: [{ column: 'metrics.eval/loss', descending: true }],
    };
    assert.deepEqual(server.views, { 'Worst "ones"': saved });
    await page.keyboard.press('Escape');
    await filter.fill('');
    await filter.press('Enter');
    await page.getByText('37 runs', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Worst "ones"', exact: true }).click();
    await until(async () => (await filter.inputValue()) === 'status = Completed', 'the filter of the view');
    assert.deepEqual(opened.state.view, saved);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Delete Worst "ones"' }).click();
    await page.getByText('No view is saved yet.').waitFor();
    assert.deepEqual(server.views, {});
    server.answers['views/list'] = () => {
        throw new Error('views.json cannot be read: Unexpected end.');
    };
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByText('views.json cannot be read: Unexpected end.').waitFor();
    await opened.close();
});

test('what was chosen is there again after a reload', async () => {
    const view = {
        filter: 'status = Completed',
        sort: [{ column: 'params.batch_size', descending: true }],
        columns: ['metrics.train/loss'],
    };
    const opened = await openRuns(pages, new RunsServer(), { state: { view, widths: { name: 300 } } });
    const { params } = await opened.question('runs/query');
    assert.deepEqual([params.filter, params.sort], [view.filter, view.sort]);
    assert.deepEqual(await opened.page.getByRole('columnheader').allTextContents(), ['Name', 'train/loss']);
    assert.equal((await heading(opened, 'Name').boundingBox())?.width, 300);
    const filter = opened.page.getByRole('searchbox', { name: 'Filter', exact: true });
    assert.equal(await filter.inputValue(), view.filter);
    await opened.close();
});

test('the table is live, and says that more runs are coming', async () => {
    const server = new RunsServer();
    server.complete = false;
    const opened = await openRuns(pages, server);
    const { page } = opened;
    await page.getByText('37 runs · Loading…').waitFor();
    server.table = { ...server.table, rows: [row('newest', 'Running', {}), ...server.table.rows] };
    server.complete = true;
    server.change();
    await page.getByText('38 runs', { exact: true }).waitFor();
    assert.equal((await names(opened))[0], 'newest');
    server.problem = 'Azure has not answered for 5 minutes.';
    server.change();
    await page.getByText('Azure has not answered for 5 minutes.').waitFor();
    assert.equal(lastQuery(opened).columnsRevision, 1);
    await opened.close();
});

test('a table without runs, one that waits and one that fails say so', async () => {
    const empty = await openRuns(pages, new RunsServer({ ...sampleTable(), rows: [] }), { waits: true });
    await empty.page.getByText('No runs yet.').waitFor();
    await empty.close();
    const server = new RunsServer();
    const query = server.answers['runs/query'] ?? assert.fail();
    server.answers['runs/query'] = () => {
        throw Object.assign(new Error('Azure cannot be reached.'), { kind: 'NotSignedIn' });
    };
    const failing = await openRuns(pages, server, { waits: true });
    await failing.page.getByText('Azure cannot be reached.').waitFor();
    await failing.page.getByText('Loading…').waitFor();
    await failing.page.getByRole('button', { name: 'Sign In' }).click();
    await until(() => failing.actions.some(({ kind }) => kind === 'signIn'), 'the sign-in');
    server.answers['runs/query'] = query;
    await failing.page.getByRole('button', { name: 'Try Again' }).click();
    await failing.page.locator('.run-name').first().waitFor();
    await failing.page.getByText('Azure cannot be reached.').waitFor({ state: 'hidden' });
    await failing.close();
});

test('what matches is copied as CSV, with the columns that are shown', async () => {
    const table = largeTable(2500, 2);
    table.rows[0] = row('=1+1', 'Completed', { 'metrics.m0': '-1', 'metrics.m1': 'a,"b"' });
    const opened = await openRuns(pages, new RunsServer(table));
    await opened.page.getByRole('button', { name: 'Copy as CSV' }).click();
    await until(() => opened.actions.length > 0, 'the copy', 20_000);
    const [{ kind, text }] = opened.actions;
    const lines = text.split('\r\n');
    assert.equal(kind, 'copy');
    assert.deepEqual(lines.slice(0, 3), ['Name,m0,m1', `'=1+1,-1,"a,""b"""`, 'run_1,1.0,1.1']);
    assert.equal(lines.length, 2502);
    await opened.close();
});

test('what scripts and users wrote is shown as text, and nothing of it runs', async () => {
    const evil = `"><img src=x onerror="window.ran=1"><script>window.ran=1</script>{0}`;
    const table = {
        title: evil,
        columns: [nameColumn, column('metric', evil), column('tag', evil, false)],
        rows: [
            row('a', 'Completed', { [`metrics.${evil}`]: evil, [`tags.${evil}`]: evil }, { title: evil }),
            row(
                'b',
                'Completed',
                {},
                { title: `b${evil}`, statusText: evil, statusIcon: evil, statusColor: `red;x:url(//x)` },
            ),
        ],
    };
    const server = new RunsServer(table);
    server.problem = evil;
    server.views = { [evil]: { filter: evil, sort: [] } };
    server.linesOf = () => new Map([[evil, { x: [0, 1], y: [1, 2], note: evil }]]);
    const view = {
        filter: '',
        sort: [],
        columns: ['status', `metrics.${evil}`, `tags.${evil}`],
        baseline: { id: `${workspaceId}/jobs/b`, title: evil },
    };
    const opened = await openRuns(pages, server, { state: { view } });
    const { page } = opened;
    for (const mark of await page.locator('.mark').all()) await mark.click();
    await page.locator('.plot canvas').waitFor();
    await page.locator('.plot .u-over').hover();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('dialog').getByRole('button', { name: evil, exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.grid-row').first().locator('[data-column="2"]').click({ button: 'right' });
    await page.getByRole('menuitem').first().waitFor();
    assert.equal(await page.evaluate(() => /** @type {any} */ (window).ran), undefined);
    assert.equal(await page.locator('img, script:not([src])').count(), 0);
    assert.deepEqual([opened.errors, opened.blocked], [[], []]);
    await opened.close();
});

test('a page that is hidden asks for nothing', async () => {
    const server = new RunsServer();
    const opened = await openRuns(pages, server);
    await opened.page.locator('.mark').first().click();
    await opened.page.locator('.plot canvas').first().waitFor();
    await opened.setVisibility('hidden');
    await until(() => opened.asked('runs/query').at(-1)?.cancelled, 'no open question');
    const before = opened.questions.length;
    await opened.page.clock.install();
    server.table = { ...server.table, title: 'another title' };
    server.change();
    await opened.page.clock.runFor(10_000);
    assert.equal(opened.questions.length, before);
    await opened.setVisibility('visible');
    await opened.page.getByRole('heading', { name: 'another title' }).waitFor();
    await opened.close();
});
