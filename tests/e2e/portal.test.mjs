// @ts-check
// The local portal's page of a run.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { killWhatRuns } from '../support/processes.mjs';

after(killWhatRuns);

const seed = { workspaces: [{ experiments: [{ name: 'seeded', runs: 1 }] }] };

test('more metrics than a page holds are said to be left out', async () => {
    const emulator = await Emulator.start({ seed });
    const [run] = (await emulator.arm('GET', `${emulator.workspaceId}/jobs`)).body.value;
    /** @param {number} count of metrics in all */
    const pageWith = async (count) => {
        const metrics = Array.from({ length: count }, (_, i) => ({
            key: `metric-${i}`,
            value: i,
            timestamp: 0,
        }));
        const batch = `/mlflow/v2.0${emulator.workspaceId}/api/2.0/mlflow/runs/log-batch`;
        assert.equal((await emulator.arm('POST', batch, { run_id: run.name, metrics })).status, 200);
        const answer = await fetch(
            `${emulator.ready.studioUrl}/runs/${run.name}?wsid=${emulator.workspaceId}`,
        );
        return answer.text();
    };
    assert.doesNotMatch(await pageWith(50), /Only the first/);
    const page = await pageWith(51);
    assert.match(page, /Only the first 50 are shown\./);
    assert.equal(page.match(/>metric-\d+</g)?.length, 50);
    await emulator.stop();
});
