import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunMetric, RunView } from '../src/protocol.gen';
import { withChanges } from '../webview/run/viewChanges';

function metric(name: string, value: string): RunMetric {
    return { name, kind: 'scalar', value, columns: [], revision: 1 };
}

const before: RunView = {
    id: '/jobs/a',
    revision: 1,
    nodeId: 'n',
    name: 'a',
    title: 'a',
    experiment: 'e',
    workspace: 'w',
    status: 'Running',
    statusText: 'Running',
    statusIcon: 'play',
    isFinal: false,
    problem: 'offline',
    facts: [],
    stages: [],
    warnings: [],
    parameters: [],
    tags: [],
    metrics: [metric('constructor', '1'), metric('loss', '2')],
    images: [],
    logged: [],
    files: [],
    moreFiles: 0,
    logs: [],
    configuration: '{}',
};

void test('a page is told only what is different', () => {
    const now = withChanges(before, {
        revision: 2,
        changes: { status: 'Completed', problem: null },
        items: { metrics: { loss: metric('loss', '1') } },
    });
    const { problem, ...rest } = before;
    const metrics = [metric('constructor', '1'), metric('loss', '1')];
    assert.equal(problem, 'offline');
    assert.deepEqual(now, { ...rest, revision: 2, status: 'Completed', metrics });
    assert.equal(before.metrics[1]?.value, '2');
});

void test('a server that does not know what is shown tells everything', () => {
    const view = { ...before, revision: 9, title: 'b' };
    assert.equal(withChanges(before, { revision: 9, view }), view);
    assert.deepEqual(withChanges(before, { revision: 3 }), { ...before, revision: 3 });
});
