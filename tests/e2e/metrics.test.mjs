// @ts-check
// What a run has logged, in a terminal: as a table, drawn, and point by point while the run goes on.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { killWhatRuns, until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

test('metrics are shown, drawn, and followed to the end of the run', async () => {
    const emulator = await Emulator.start({ args: ['--node-start', '50'] });
    const project = new Project(emulator).bind();
    const go = join(project.base, 'go');
    project.script(
        'train.py',
        `import os, time\nwhile not os.path.exists(${JSON.stringify(go)}): time.sleep(0.05)\n`,
    );
    const { values } = await project.json(['run', 'train.job.json']);
    const { name } = values.at(-1);
    const none = await project.aml(['metrics', name]);
    assert.match(none.stderr, /The run has logged no metrics\./);

    const batch = `/mlflow/v2.0${emulator.workspaceId}/api/2.0/mlflow/runs/log-batch`;
    /** @param {{ key: string, value: number | string, step: number }[]} metrics */
    const log = async (metrics) => {
        const points = metrics.map((metric) => ({ ...metric, timestamp: 1_767_225_600_000 + metric.step }));
        assert.equal((await emulator.arm('POST', batch, { run_id: name, metrics: points })).status, 200);
    };
    await log([0, 1, 2].map((step) => ({ key: 'loss', value: 3 - step, step })));
    await log([{ key: 'accuracy', value: 0.5, step: 0 }]);
    const table = await project.aml(['metrics', name]);
    assert.match(
        table.stdout,
        /^METRIC +LAST +LOWEST +HIGHEST +POINTS\naccuracy +0\.5 +0\.5 +0\.5 +1\nloss +1 +1 +3 +3\n$/,
    );
    const drawn = await project.aml(['metrics', name, '--metric', 'loss', '--plot']);
    assert.match(drawn.stdout, /^loss\n3 ┤[⠀-⣿]{72}\n(?: {2}┤[⠀-⣿]{72}\n){8}1 ┤[⠀-⣿]{72}\n {3}0 +2\n$/);
    const missing = await project.aml(['metrics', name, '--metric', 'nothing']);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, new RegExp(`The run ${name} has no metric nothing\\.`));

    const following = project.start(['metrics', name, '--follow', '--json']);
    await until(() => following.stdout.split('\n').length > 4, 'what is there is printed');
    await log([{ key: 'loss', value: 'NaN', step: 3 }]);
    await until(() => following.stdout.includes('NaN'), 'what comes is printed');
    project.write('../go', '');
    const { code, stdout, stderr } = await following.ended;
    assert.equal(code, 0, stderr);
    const points = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    const losses = points.filter(({ metric }) => metric === 'loss').map(({ step, value }) => [step, value]);
    assert.deepEqual(losses, [
        [0, 3],
        [1, 2],
        [2, 1],
        [3, 'NaN'],
    ]);
    project.remove();
    await emulator.stop();
});
