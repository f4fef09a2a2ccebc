import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TreeRows } from '../src/model/treeRows';
import type { TreeNode } from '../src/protocol.gen';

function row(id: string, label = id): TreeNode {
    return { id, label, icon: 'x', contextValue: 'run.final', collapsible: 'none' };
}

/** A server whose lists a test sets, and which counts how often it is asked for each. */
function serve(lists: Record<string, string[]>): { rows: TreeRows; asked: string[]; lists: typeof lists } {
    const asked: string[] = [];
    const rows = new TreeRows((id = '') => {
        asked.push(id);
        return Promise.resolve((lists[id] ?? []).map((name) => row(name)));
    });
    return { rows, asked, lists };
}

void test('a list that gained a page is not asked for again, and any other change is', async () => {
    const { rows, asked, lists } = serve({ '': ['e'], e: ['r3', 'e#more'] });
    await rows.children();
    await rows.children('e');
    const page = { id: 'e', removed: ['e#more'], nodes: [row('r2'), row('e#more', 'Load more…')] };
    assert.deepEqual(rows.change({ ids: ['e'], lists: [page] }), ['e']);
    assert.deepEqual(await rows.children('e'), ['r3', 'r2', 'e#more']);
    assert.deepEqual(asked, ['', 'e']);
    assert.equal(rows.node('r2')?.label, 'r2');
    rows.change({ ids: ['e'], lists: [{ id: 'e', nodes: [row('r4')], before: 'r3' }] });
    rows.change({ ids: ['e'], lists: [{ id: 'e', removed: ['e#more'], nodes: [row('r1')] }] });
    assert.deepEqual(await rows.children('e'), ['r4', 'r3', 'r2', 'r1']);
    assert.deepEqual(asked, ['', 'e']);
    lists['e'] = ['r5'];
    assert.deepEqual(rows.change({ ids: ['e'] }), ['e']);
    assert.deepEqual(await rows.children('e'), ['r5']);
    rows.change({});
    assert.deepEqual(await rows.children('e'), ['r5']);
    assert.deepEqual(asked, ['', 'e', 'e', 'e']);
});

void test('drawing a list again without a change asks for it', async () => {
    const { rows, asked } = serve({ e: ['r1'] });
    await rows.children('e');
    await rows.children('e');
    assert.deepEqual(asked, ['e', 'e']);
});

void test('a change of a list that is another here is not guessed at', async () => {
    const { rows, asked, lists } = serve({ '': ['e'], e: ['e#empty'] });
    await rows.children();
    rows.change({ ids: ['e'], lists: [{ id: 'e', nodes: [row('r2')] }] });
    await rows.children('e');
    lists['e'] = ['r2', 'r1'];
    const unknownRow = { id: 'e', nodes: [row('r2')], before: 'r1' };
    assert.deepEqual(rows.change({ ids: ['e'], lists: [unknownRow] }), ['e']);
    assert.deepEqual(await rows.children('e'), ['r2', 'r1']);
    rows.change({ ids: ['e'], lists: [{ id: 'e', removed: ['e#more'], nodes: [row('r0')] }] });
    assert.deepEqual(await rows.children('e'), ['r2', 'r1']);
    assert.deepEqual(asked, ['', 'e', 'e', 'e']);
});

void test('a change that a list on its way may lack is asked for', async () => {
    const waiting: ((nodes: TreeNode[]) => void)[] = [];
    const rows = new TreeRows(
        () =>
            new Promise((answer) => {
                waiting.push(answer);
            }),
    );
    const first = rows.children('e');
    rows.change({ ids: ['e'], lists: [{ id: 'e', nodes: [row('r2')] }] });
    const second = rows.children('e');
    waiting[0]?.([row('r1')]);
    assert.deepEqual(await first, ['r1']);
    waiting[1]?.([row('r1'), row('r2')]);
    assert.deepEqual(await second, ['r1', 'r2']);
    rows.change({ ids: ['e'], lists: [{ id: 'e', nodes: [row('r3')] }] });
    assert.deepEqual(await rows.children('e'), ['r1', 'r2', 'r3']);
    assert.equal(waiting.length, 2);
});

void test('rows that changed are drawn again where they are shown', async () => {
    const { rows } = serve({ e: ['r1'] });
    await rows.children('e');
    const nodes = [row('r1', 'renamed'), row('r9')];
    assert.deepEqual(rows.change({ ids: ['r1', 'r9'], nodes }), ['r1']);
    assert.equal(rows.node('r1')?.label, 'renamed');
    assert.equal(rows.node('r9'), undefined);
});
