// @ts-check
// Pipelines of command steps: checked and submitted with their components, run by the emulator with what their steps
// leave for each other; failures, cancelling all, being killed in between.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { killWhatRuns, until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

const image = '{image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04}';

/** Waits for the file that `GATE` names, if any; then adds `more` to the number in a file, and writes it to another. */
const adds = `
import os, pathlib, sys, time
while "GATE" in os.environ and not pathlib.Path(os.environ["GATE"]).exists():
    time.sleep(0.05)
source, more, target = sys.argv[1:4]
given = pathlib.Path(source)
number = int((given / "n.txt").read_text()) if given.is_dir() else int(source)
pathlib.Path(target).mkdir(parents=True, exist_ok=True)
(pathlib.Path(target) / "n.txt").write_text(str(number + int(more)))
print("made", number + int(more))
`;

const component = `
type: command
display_name: Add
code: ./src
command: python adds.py \${{inputs.number}} \${{inputs.more}} \${{outputs.sum}} $[[\${{inputs.word}}]]
environment: ${image}
inputs:
  number: {type: uri_folder}
  more: {type: integer, default: 10}
  word: {type: string, optional: true}
outputs:
  sum: {type: uri_folder}
`;

const pipeline = `
$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
type: pipeline
display_name: sums
experiment_name: pipes
compute: azureml:cpu-cluster
inputs:
  start: 1
outputs:
  total: {type: uri_folder}
jobs:
  first:
    type: command
    code: ./steps/src
    command: python adds.py \${{inputs.start}} 1 \${{outputs.sum}}
    environment: ${image}
    inputs: {start: "\${{parent.inputs.start}}"}
    outputs: {sum: {}}
  left:
    component: ./steps/add.yml
    inputs: {number: "\${{parent.jobs.first.outputs.sum}}"}
    environment_variables: {GATE: "GATE_OF_LEFT"}
  right:
    component: ./steps/add.yml
    inputs: {number: "\${{parent.jobs.first.outputs.sum}}", more: 20}
    outputs: {sum: "\${{parent.outputs.total}}"}
`;

describe('a pipeline', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;

    before(async () => {
        const cluster = { name: 'cpu-cluster', maxNodeCount: 4 };
        emulator = await Emulator.start({
            args: ['--node-start', '0'],
            seed: { workspaces: [{ computes: [cluster] }] },
        });
        project = new Project(emulator, { 'steps/src/adds.py': adds, 'steps/add.yml': component }).bind();
    });
    after(async () => {
        project?.remove();
        await emulator?.stop();
    });

    let gates = 0;

    /** @param {string} text its gate is a file that is not there yet */
    const submitted = async (text) => {
        const gate = `../gate${++gates}`;
        project.write('pipe.yml', text.replace('GATE_OF_LEFT', project.path(gate)));
        const { code, stderr, values } = await project.json(['run', 'pipe.yml']);
        assert.equal(code, 0, stderr);
        return { name: String(values[0].name), open: () => project.write(gate, '') };
    };

    const job = async (/** @type {string} */ name) =>
        (await emulator.arm('GET', `${emulator.workspaceId}/jobs/${name}`)).body.properties;

    const steps = async (/** @type {string} */ name) => {
        const history = `/history/v1.0${emulator.workspaceId}/experiments/pipes/runs/${name}/children`;
        const { value } = (await emulator.arm('GET', history)).body;
        return Object.fromEntries(value.map((/** @type {any} */ run) => [run.displayName, run]));
    };

    const ended = (/** @type {string} */ name) =>
        until(async () => {
            const properties = await job(name);
            return ['Completed', 'Failed', 'Canceled'].includes(properties.status) ? properties : undefined;
        }, 'the pipeline has ended');

    const log = async (/** @type {string} */ name) => (await project.aml(['logs', name])).stdout;

    test('runs its steps with what others have left, side by side where it can', async () => {
        const { name, open } = await submitted(pipeline);
        const { right } = await until(async () => {
            const known = await steps(name);
            return known['left']?.status === 'Running' && known['right']?.status === 'Completed'
                ? known
                : undefined;
        }, 'one step is done while its neighbour runs');
        assert.match(await log(right.runId), /^made 22$/m);
        assert.equal((await job(name)).status, 'Running');
        open();
        const { status, jobType, settings } = await ended(name);
        assert.deepEqual([status, jobType, settings._source], ['Completed', 'Pipeline', 'YAML.JOB']);
        const all = await steps(name);
        assert.match(await log(all['left'].runId), /^made 12$/m);
        for (const run of Object.values(all)) {
            assert.deepEqual([run.parentRunId, run.rootRunId, run.runType], [name, name, 'azureml.StepRun']);
        }
        assert.match(await log(name), /Step first .* has ended: Completed\./);
        const listed = await project.json(['jobs', '--parent', name]);
        assert.deepEqual(listed.values.map(({ displayName }) => displayName).sort(), [
            'first',
            'left',
            'right',
        ]);
        const { values: shown } = await project.json(['jobs', '--experiment', 'pipes']);
        assert.ok(!shown.some((/** @type {any} */ one) => one.displayName === 'left' && one.name === name));
    });

    test('registers a component once, and the next time nothing but the job is sent', async () => {
        const sent = () =>
            emulator
                .exchanges(
                    ({ method, url }) =>
                        method === 'PUT' && /\/(components|codes|environments|jobs)\//.test(url),
                )
                .map(({ url }) => url.match(/\/(components|codes|environments|jobs)\//)?.[1]);
        const before = sent();
        assert.equal(before.filter((kind) => kind === 'components').length, 2);
        const { name, open } = await submitted(pipeline.replace('sums', 'again'));
        open();
        assert.deepEqual(sent().slice(before.length), ['jobs']);
        assert.equal((await ended(name)).status, 'Completed');
    });

    test('whose step fails has failed, says which, and stops what runs', async () => {
        const failing = pipeline.replace('more: 20', 'more: nothing');
        const { name } = await submitted(failing);
        const properties = await ended(name);
        assert.equal(properties.status, 'Failed');
        const all = await steps(name);
        assert.deepEqual(
            [all['first'].status, all['left'].status, all['right'].status],
            ['Completed', 'Canceled', 'Failed'],
        );
        const { stdout, stderr } = await project.aml(['status', name]);
        assert.match(stdout + stderr, /Failed nodes: \/right/);
    });

    test('that goes on after a failure runs what does not need the failed step', async () => {
        const going = pipeline
            .replace('more: 20', 'more: nothing')
            .replace(
                'compute: azureml:cpu-cluster',
                'settings: {default_compute: azureml:cpu-cluster, continue_on_step_failure: true}',
            );
        const last = `  last:\n    component: ./steps/add.yml\n    inputs: {number: "\${{parent.jobs.right.outputs.sum}}"}\n`;
        const { name, open } = await submitted(going + last);
        await until(async () => (await steps(name))['right']?.status === 'Failed', 'a step has failed');
        open();
        assert.equal((await ended(name)).status, 'Failed');
        const all = await steps(name);
        assert.deepEqual([all['left'].status, all['last']], ['Completed', undefined]);
    });

    test('takes components of the workspace, by their version and the latest', async () => {
        for (const version of ['1', '2']) {
            const componentSpec = {
                type: 'command',
                command: `echo version ${version} \${{inputs.word}}`,
                environment: 'azureml:none:1',
                inputs: { word: { type: 'string', default: 'usual' } },
            };
            const at = `${emulator.workspaceId}/components/speaker/versions/${version}`;
            assert.equal((await emulator.arm('PUT', at, { properties: { componentSpec } })).status, 201);
        }
        const { name } = await submitted(`type: pipeline
experiment_name: pipes
compute: azureml:cpu-cluster
jobs:
  old: {component: azureml:speaker:1}
  new: {component: azureml:speaker@latest, inputs: {word: given}}
`);
        assert.equal((await ended(name)).status, 'Completed');
        const all = await steps(name);
        assert.match(await log(all['old'].runId), /^version 1 usual$/m);
        assert.match(await log(all['new'].runId), /^version 2 given$/m);
        project.write(
            'none.yml',
            'type: pipeline\ncompute: azureml:cpu-cluster\njobs: {a: {component: azureml:no-such@latest}}\n',
        );
        const { code, stderr } = await project.aml(['run', 'none.yml']);
        assert.equal(code, 1);
        assert.match(
            stderr,
            /There is no component no-such in the workspace .* Correct “component” of the step a\./,
        );
    });

    test('is cancelled with all of its steps', async () => {
        const { name } = await submitted(pipeline);
        await until(async () => (await steps(name))['left']?.status === 'Running', 'a step waits');
        const { code, stderr } = await project.aml(['cancel', name]);
        assert.equal(code, 0, stderr);
        assert.equal((await ended(name)).status, 'Canceled');
        assert.equal((await steps(name))['left'].status, 'Canceled');
    });

    test('goes on after the emulator was killed, and runs no step twice', async () => {
        const { name, open } = await submitted(pipeline);
        await until(async () => (await steps(name))['left']?.status === 'Running', 'a step waits');
        await emulator.kill();
        await emulator.restart();
        open();
        assert.equal((await ended(name)).status, 'Completed');
        assert.equal(Object.keys(await steps(name)).length, 3);
    });

    test('with a cycle, an unknown name or a faulty component is refused with the place, before anything is sent', async () => {
        const sent = emulator.exchanges(({ method }) => method === 'PUT').length;
        const refused = async (/** @type {string} */ text, /** @type {RegExp} */ message) => {
            project.write('wrong.yml', text);
            const { code, stderr } = await project.aml(['run', 'wrong.yml']);
            assert.equal(code, 1);
            assert.match(stderr, message);
        };
        await refused(
            pipeline.replace(
                '{start: "${{parent.inputs.start}}"}',
                '{start: "${{parent.jobs.right.outputs.sum}}"}',
            ),
            /wrong\.yml:17:\d+: jobs\.first\.inputs\.start: The steps “first” and “right” need each other/,
        );
        await refused(
            pipeline.replace('parent.inputs.start', 'parent.inputs.strat'),
            /wrong\.yml:17:\d+: .*Did you mean "start"\?/,
        );
        await refused(
            pipeline.replace('more: 20', 'mor: 20'),
            /jobs\.right\.inputs\.mor: The component has no input “mor”/,
        );
        project.write('steps/bad.yml', component.replace('display_name', 'display'));
        await refused(
            pipeline.replaceAll('steps/add.yml', 'steps/bad.yml'),
            /jobs\.left\.component: bad\.yml:3:1: display: /,
        );
        assert.equal(emulator.exchanges(({ method }) => method === 'PUT').length, sent);
    });
});
