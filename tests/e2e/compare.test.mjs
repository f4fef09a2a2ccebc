// @ts-check
// Two runs, and only what they have differently.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

test('two runs are compared by what was submitted and by their metrics', async () => {
    const emulator = await Emulator.start({ args: ['--node-start', '50'] });
    const project = new Project(emulator).bind();
    /** @param {string} rate @param {number} accuracy */
    const trained = async (rate, accuracy) => {
        project.script('train.py', 'print("trained")\n', { command: `python train.py --rate ${rate}` });
        const { code, stderr, values } = await project.json(['run', 'train.job.json', '--follow']);
        assert.equal(code, 0, stderr);
        const { name } = values.at(-1);
        const batch = `/mlflow/v2.0${emulator.workspaceId}/api/2.0/mlflow/runs/log-batch`;
        const metrics = [
            { key: 'accuracy', value: accuracy, timestamp: 0 },
            { key: 'epochs', value: 3, timestamp: 0 },
        ];
        assert.equal((await emulator.arm('POST', batch, { run_id: name, metrics })).status, 200);
        return name;
    };
    const [first, second] = [await trained('0.1', 0.9), await trained('0.2', 0.95)];
    const compared = await project.json(['compare', first, second]);
    assert.equal(compared.code, 0, compared.stderr);
    const differing = compared.values.filter(({ key }) => key !== 'codeId');
    assert.deepEqual(differing, [
        { key: 'command', left: 'python train.py --rate 0.1', right: 'python train.py --rate 0.2' },
        { key: 'metrics.accuracy', left: '0.9', right: '0.95' },
    ]);
    const shown = await project.aml(['compare', first, second]);
    assert.match(shown.stdout, new RegExp(`^command\\n  ${first} +python train.py --rate 0.1\\n  ${second} +python`, 'm'));

    const same = await project.aml(['compare', first, first]);
    assert.equal(same.stdout, '');
    assert.match(same.stderr, /Both runs were submitted alike/);

    const one = await project.aml(['compare', first]);
    assert.equal(one.code, 2);
    assert.match(one.stderr, /'aml compare' needs JOB JOB\./);
    const three = await project.aml(['compare', first, second, 'more']);
    assert.equal(three.code, 2);
    assert.match(three.stderr, /so 'more' is one too many/);
    project.remove();
    await emulator.stop();
});
