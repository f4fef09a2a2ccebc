import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TreeNodes, nameToCopy } from '../src/model/treeNodes';
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

void test('the name of a run is the one that Azure knows, of anything else the one shown', () => {
    const resourceId = '/subscriptions/s/resourceGroups/g/providers/p/workspaces/w/jobs/train_1';
    assert.equal(nameToCopy(node('r', { contextValue: 'run.final', resourceId })), 'train_1');
    assert.equal(nameToCopy(node('r', { contextValue: 'run.active' })), 'r');
    assert.equal(nameToCopy(node('Dev', { contextValue: 'subscription', resourceId })), 'Dev');
});
