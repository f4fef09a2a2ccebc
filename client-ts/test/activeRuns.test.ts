import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActiveRuns } from '../src/model/activeRuns';
import type { Run } from '../src/protocol.gen';

function run(name: string, revision: number, isFinal: boolean): Run {
    const status = isFinal ? 'Completed' : 'Running';
    return {
        id: `/jobs/${name}`,
        revision,
        name,
        displayName: name,
        experiment: 'mnist',
        workspace: '/workspaces/w1',
        nodeId: name,
        status,
        isFinal,
    };
}

void test('a run is active until a snapshot says it is final', () => {
    const runs = new ActiveRuns();
    runs.update([run('a', 1, false), run('b', 1, false)]);
    runs.update([run('a', 2, true)]);
    assert.deepEqual(
        runs.active.map(({ name }) => name),
        ['b'],
    );
});

void test('a snapshot older than what is known changes nothing', () => {
    const runs = new ActiveRuns();
    runs.update([run('a', 5, true)]);
    runs.update([run('a', 4, false)]);
    assert.deepEqual(runs.active, []);
});
