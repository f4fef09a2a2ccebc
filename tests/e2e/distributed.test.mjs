// @ts-check
// Jobs on several nodes: checked before they are sent, run by the emulator as several processes, shown with their nodes
// and processes; why one fails, and cancelling all.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { killWhatRuns, until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

describe('a job on several nodes', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;

    before(async () => {
        const cluster = { name: 'cpu-cluster', maxNodeCount: 2 };
        emulator = await Emulator.start({
            args: ['--node-start', '0'],
            seed: { workspaces: [{ computes: [cluster] }] },
        });
        project = new Project(emulator).bind();
    });
    after(async () => {
        project?.remove();
        await emulator?.stop();
    });

    const twoByTwo = {
        resources: { instance_count: 2 },
        distribution: { type: 'pytorch', process_count_per_instance: 2 },
    };

    test('prints the log of its first process, and leaves one of each', async () => {
        project.script(
            'ranks.py',
            'import os; print("rank", os.environ["RANK"], "of", os.environ["WORLD_SIZE"])\n',
            twoByTwo,
        );
        const { code, stdout, stderr } = await project.aml(['run', 'ranks.job.json', '--follow']);
        assert.equal(code, 0, stdout + stderr);
        assert.match(stdout, /^rank 0 of 4$/m);
        assert.doesNotMatch(stdout, /^rank 1/m);
    });

    test('that fails says which process it was, and why', async () => {
        const source =
            'import os, time\nif os.environ["RANK"] == "3": raise ValueError("no luck")\ntime.sleep(600)\n';
        project.script('fails.py', source, twoByTwo);
        const { code, stdout, stderr } = await project.aml(['run', 'fails.job.json', '--follow']);
        assert.equal(code, 1, stdout + stderr);
        assert.match(stdout + stderr, /ValueError: no luck/);
        assert.match(stdout + stderr, /rank 3|std_log_process_03\.txt/);
    });

    test('takes all of its nodes at once, and is cancelled whole', async () => {
        project.script('hangs.py', 'import time; time.sleep(600)\n', twoByTwo);
        const { values } = await project.json(['run', 'hangs.job.json']);
        const [{ name }] = values;
        const compute = `${emulator.workspaceId}/computes/cpu-cluster`;
        const nodes = async () =>
            (await emulator.arm('GET', compute)).body.properties.properties.nodeStateCounts;
        await until(async () => (await nodes()).runningNodeCount === 2, 'both nodes are taken');
        assert.equal((await emulator.arm('POST', `${emulator.workspaceId}/jobs/${name}/cancel`)).status, 202);
        await until(async () => (await nodes()).runningNodeCount === 0, 'both nodes are free again');
        const { values: ended } = await project.json(['status', name]);
        assert.equal(ended[0].status, 'Canceled');
    });

    test('that asks for more nodes than the cluster may have is refused with the place, before anything is sent', async () => {
        const job = [
            'type: command',
            'code: .',
            'command: python ranks.py',
            'environment: {image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04}',
            'compute: azureml:cpu-cluster',
            'resources:',
            '  instance_count: 3',
            '',
        ].join('\n');
        project.write('big.yml', job);
        const sent = () =>
            emulator.exchanges(({ method, url }) => method === 'PUT' && url.includes('/jobs/')).length;
        const before = sent();
        const { code, stderr } = await project.aml(['run', 'big.yml']);
        assert.equal(code, 1);
        assert.match(
            stderr,
            /big\.yml:7:19: resources\.instance_count: The job asks for 3 nodes, and the compute cpu-cluster has 2 at most\./,
        );
        assert.equal(sent(), before);
        const set = await project.aml(['run', 'big.yml', '--set', 'resources.instance_count=4']);
        assert.match(set.stderr, /--set resources\.instance_count=4: The job asks for 4 nodes/);
    });
});
