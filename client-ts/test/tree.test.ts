import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TreeNodes } from '../src/model/treeNodes';
import type { TreeNode } from '../src/protocol.gen';

function node(id: string, changes: Partial<TreeNode> = {}): TreeNode {
    return { id, label: id, icon: 'beaker', contextValue: 'experiment', collapsible: 'none', ...changes };
}

void test('a row that is listed again is replaced', () => {
    const nodes = new TreeNodes();
    nodes.add([node('run', { description: 'running' })]);
    nodes.add([node('run', { description: 'completed' })]);
    assert.equal(nodes.get('run')?.description, 'completed');
});

void test('a change of rows that were never shown changes nothing', () => {
    const nodes = new TreeNodes();
    nodes.add([node('a'), node('b')]);
    assert.deepEqual(nodes.shown(['b', 'unknown', 'b']), ['b']);
});

void test('rows of one list are fetched with one question', () => {
    const nodes = new TreeNodes();
    nodes.add([node('top'), node('a', { parentId: 'top' }), node('b', { parentId: 'top' })]);
    assert.deepEqual(nodes.parentsOf(['a', 'b', 'top']), ['top', undefined]);
});
