// @ts-check
// Job files as people have them, in YAML, and runs of one file with other values: `--set` and `--parallel`.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { jobsInAzure } from '../support/submit_stages.mjs';

after(killWhatRuns);

const job = `# As the Azure CLI has it.
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
type: command
experiment_name: yaml
display_name: "2024"
code: src
command: >-
  python train.py
  --lr \${{inputs.lr}} # no comment
  --depth \${{inputs.depth}}
environment: &plain
  image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04
compute: azureml:cpu-cluster
inputs:
  lr: 1.0e-3
  depth: 010
  flag: yes
environment_variables: {A: off, B: "off"}
limits:
  timeout: 10:00
`;

describe('a job file', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;

    before(async () => {
        emulator = await Emulator.start({ args: ['--node-start', '50'] });
        project = new Project(emulator, { 'job.yml': job, 'src/train.py': 'import sys\nprint(sys.argv[1:])\n' }).bind();
    });
    after(async () => {
        project?.remove();
        await emulator?.stop();
    });

    /** @param {string} name */
    const sent = (name) => {
        const puts = emulator.exchanges(({ method, url }) => method === 'PUT' && url.includes(`/jobs/${name}?`));
        return puts.at(-1)?.requestBody.properties;
    };

    test('in YAML is submitted as Azure’s own tools read it, stays as it is, and repeats', async () => {
        const run = await project.json(['run', 'job.yml', '--follow']);
        assert.equal(run.code, 0, run.stderr);
        const [submitted] = run.values;
        const { displayName, command, inputs, environmentVariables, limits } = sent(submitted.name);
        assert.equal(displayName, '2024');
        assert.equal(command, 'python train.py --lr ${{inputs.lr}} # no comment --depth ${{inputs.depth}}');
        const values = Object.fromEntries(Object.entries(inputs).map(([name, { value }]) => [name, value]));
        assert.deepEqual(values, { lr: '0.001', depth: '8', flag: 'True' });
        assert.deepEqual(environmentVariables, { A: 'False', B: 'off' });
        assert.equal(limits.timeout, 'PT600S');
        const log = run.values.filter(({ event }) => event === 'log').map(({ text }) => text);
        assert.match(log.join(''), /\['--lr', '0.001'\]/);
        assert.match(run.stderr, /warning: job\.yml:16:10: YAML takes “010” for the number 8/);
        assert.equal(project.read('job.yml'), job);

        const again = await project.json(['repeat', 'src/train.py']);
        assert.equal(again.code, 0, again.stderr);
        assert.equal(again.values[0].codeReused, true);
        assert.deepEqual(sent(again.values[0].name), sent(submitted.name));
    });

    test('says what is wrong in it, and where', async () => {
        project.write('wrong.yml', 'type: command\ncommand: [a]\ncompute: &c x\nenvironmnt: *c\n\tcode: .\n');
        const { code, stderr } = await project.aml(['run', 'wrong.yml']);
        assert.equal(code, 1);
        assert.match(stderr, /wrong\.yml:2:10: command: Expected text, found a list/);
        assert.match(stderr, /wrong\.yml:4:1: environmnt: .* Did you mean "environment"\?/);
        assert.match(stderr, /wrong\.yml:5:1: YAML does not allow tabs here: use blanks/);
        project.write('component.yml', '$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json\n');
        const other = await project.aml(['run', 'component.yml']);
        assert.match(other.stderr, /This is a component, not a job of Azure ML/);
    });

    test('runs with other values that are set for this run', async () => {
        const settings = ['--set', 'inputs.lr=0.5', '--set', 'depth=3', '--set', 'tags.kind=one,two'];
        const run = await project.json(['run', 'job.yml', ...settings]);
        assert.equal(run.code, 0, run.stderr);
        const [submitted] = run.values;
        assert.deepEqual(submitted.set, { 'inputs.lr': '0.5', depth: '3', 'tags.kind': 'one,two' });
        const { inputs, tags } = sent(submitted.name);
        assert.deepEqual([inputs.lr.value, inputs.depth.value], ['0.5', '3']);
        assert.deepEqual(tags, { kind: 'one,two' });

        const wrong = await project.aml(['run', 'job.yml', '--set', 'limits.timeout=soon']);
        assert.equal(wrong.code, 1);
        assert.match(wrong.stderr, /error: --set limits\.timeout=soon: Expected a whole number/);
        const nowhere = await project.aml(['run', 'job.yml', '--set', 'command.x=1']);
        assert.equal(nowhere.code, 2);
        assert.match(nowhere.stderr, /--set command\.x: .* has a value of its own/);
    });

    test('runs once for each combination of values, with one snapshot', async () => {
        project.write('src/more.py', 'print("changed")\n');
        const before = emulator.createdJobs().size;
        const registered = () => emulator.exchanges(({ method, url }) => method === 'PUT' && url.includes('/codes/')).length;
        const codes = registered();
        const run = await project.json(['run', 'job.yml', '--set', 'lr=0.1,0.01', '--set', 'depth=3,5,7', '--parallel']);
        assert.equal(run.code, 0, run.stderr);
        assert.equal(run.values.length, 6);
        const sets = run.values.map(({ set }) => `${set.lr} ${set.depth}`).sort();
        assert.deepEqual(sets, ['0.01 3', '0.01 5', '0.01 7', '0.1 3', '0.1 5', '0.1 7']);
        assert.equal(emulator.createdJobs().size, before + 6);
        assert.equal(registered(), codes + 1);
        for (const { name, set } of run.values) {
            const { inputs } = sent(name);
            assert.deepEqual([inputs.lr.value, inputs.depth.value], [set.lr, set.depth]);
        }
        assert.equal(new Set(run.values.map(({ name }) => sent(name).codeId)).size, 1);

        const shown = await project.aml(['run', 'job.yml', '--set', 'lr=0.2,0.3', '--parallel']);
        assert.match(shown.stdout, /^lr=0\.[23]: run \S+$/m);
        assert.match(shown.stdout, /^Submitted 2 of 2 runs\.$/m);
    });

    test('that cannot be run as often is refused before anything is sent', async () => {
        const before = emulator.createdJobs().size;
        const refused = [
            [['--set', 'lr=1,1', '--parallel'], /values between the commas must differ/],
            [['--set', 'lr=1,2', '--parallel', '--follow'], /--follow shows one run, and this submits 2/],
            [['--set', 'lr=1,2', '--set', 'name=mine', '--parallel'], /All of these runs would be named mine/],
            [['--set', 'lr=1,2', '--set', 'limits.timeout=60,0', '--parallel'], /--set limits\.timeout=0: Expected 1 or more/],
        ];
        for (const [options, message] of /** @type {[string[], RegExp][]} */ (refused)) {
            const { code, stderr } = await project.aml(['run', 'job.yml', ...options]);
            assert.notEqual(code, 0);
            assert.match(stderr, message);
        }
        assert.equal(emulator.createdJobs().size, before);
    });
});

test('one run that Azure refuses does not keep the others from it', async () => {
    const emulator = await Emulator.start({ args: ['--node-start', '50'] });
    const project = new Project(emulator, { 'job.yml': job, 'src/train.py': 'print(1)\n' }).bind();
    const settings = ['--set', 'compute=azureml:cpu-cluster,azureml:none', '--set', 'lr=1,2', '--parallel'];
    const run = await project.json(['run', 'job.yml', ...settings]);
    assert.equal(run.code, 1);
    const told = run.values.map(({ event, set }) => `${event} ${set.compute} ${set.lr}`).sort();
    assert.deepEqual(told, [
        'error azureml:none 1',
        'error azureml:none 2',
        'submitted azureml:cpu-cluster 1',
        'submitted azureml:cpu-cluster 2',
    ]);
    assert.match(run.stderr, /error: compute=azureml:none lr=1: .*none/);
    assert.equal(emulator.createdJobs().size, 2);
    project.remove();
    await emulator.stop();
});

test('runs that were cut off on the way are taken over by the same command, each once', async () => {
    const emulator = await Emulator.start({
        args: ['--node-start', '50'],
        faults: { rules: [{ method: 'PUT', route: '**/jobs/*', stage: 'after', delayMs: 60_000, times: 3, after: 1 }] },
    });
    const project = new Project(emulator, { 'job.yml': job, 'src/train.py': 'print(1)\n' }).bind();
    const command = ['run', 'job.yml', '--set', 'lr=1,2,3,4,5,6', '--parallel'];
    const killed = project.start([...command, '--json']);
    await emulator.heldBack(60_000);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const told = killed.stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line).name);
    // Asked of the service: an answer that nobody waited for is in no record.
    const made = await jobsInAzure(emulator);
    const run = await project.json(command);
    assert.equal(run.code, 0, run.stderr);
    const names = run.values.map(({ name }) => name);
    assert.equal(new Set(names).size, 6);
    // What was made and not told is told now, and the rest is made: none is lost, none made twice.
    assert.ok(made.every((name) => told.includes(name) || names.includes(name)));
    assert.deepEqual((await jobsInAzure(emulator)).sort(), [...new Set([...told, ...names])].sort());
    project.remove();
    await emulator.stop();
});
