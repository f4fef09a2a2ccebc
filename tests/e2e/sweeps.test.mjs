// @ts-check
// Sweep jobs: submitted as Azure takes them, and run by the emulator: sampling, trials at the same time, early
// termination, limits, cancelling, the best trial.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns, until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

/** Logs `accuracy`, the first argument, as often as the second says; waits for the file that the third one names. With a
 *  fourth, low ones log after high ones, who make that file. */
const script = `
import json, os, pathlib, sys, time, urllib.request

def log(step, value):
    body = {"run_id": os.environ["AZUREML_RUN_ID"], "key": "accuracy", "value": value, "step": step, "timestamp": 0}
    request = urllib.request.Request(
        os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-metric",
        json.dumps(body).encode(),
        {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request).read()

turn = pathlib.Path(sys.argv[4]) if len(sys.argv) > 4 else None
while turn and float(sys.argv[1]) < 0.5 and not turn.exists():
    time.sleep(0.05)
for step in range(int(sys.argv[2])):
    log(step, float(sys.argv[1]))
if turn:
    turn.touch()
while len(sys.argv) > 3 and not pathlib.Path(sys.argv[3]).exists():
    time.sleep(0.05)
`;

/** @param {Record<string, unknown>} [changes] */
const sweep = (changes = {}) => ({
    $schema: 'https://azuremlschemas.azureedge.net/latest/sweepJob.schema.json',
    type: 'sweep',
    experiment_name: 'sweeps',
    compute: 'azureml:cpu-cluster',
    sampling_algorithm: 'grid',
    search_space: { score: { type: 'choice', values: [0.25, 0.75, 0.5] } },
    objective: { goal: 'maximize', primary_metric: 'accuracy' },
    trial: {
        code: '.',
        command: 'python trial.py ${{search_space.score}} 1',
        environment: { image: 'mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04' },
    },
    limits: { max_total_trials: 10, max_concurrent_trials: 2 },
    ...changes,
});

describe('a sweep', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;

    before(async () => {
        emulator = await Emulator.start({ args: ['--node-start', '0'] });
        project = new Project(emulator, { 'trial.py': script }).bind();
    });
    after(async () => {
        project?.remove();
        await emulator?.stop();
    });

    /** @param {Record<string, unknown>} [changes] */
    const submitted = async (changes) => {
        project.write('sweep.job.json', JSON.stringify(sweep(changes)));
        const { code, stderr, values } = await project.json(['run', 'sweep.job.json']);
        assert.equal(code, 0, stderr);
        return values[0].name;
    };

    const jobPath = (/** @type {string} */ name) => `${emulator.workspaceId}/jobs/${name}`;

    const job = async (/** @type {string} */ name) => (await emulator.arm('GET', jobPath(name))).body.properties;

    /** The trials of a sweep as run history has them. @param {string} name */
    const trials = async (name) => {
        const history = `/history/v1.0${emulator.workspaceId}/experiments/sweeps/runs/${name}/children`;
        return (await emulator.arm('GET', history)).body.value;
    };

    const ended = (/** @type {string} */ name) =>
        until(async () => {
            const properties = await job(name);
            return ['Completed', 'Failed', 'Canceled'].includes(properties.status) ? properties : undefined;
        }, 'the sweep has ended');

    test('tries every combination of a grid and names the best trial', async () => {
        const name = await submitted();
        const { status, jobType, properties } = await ended(name);
        assert.deepEqual([status, jobType], ['Completed', 'Sweep']);
        const all = await trials(name);
        const tried = all.map((/** @type {any} */ { tags }) => JSON.parse(tags.hyperparameters).score).sort();
        assert.deepEqual(tried, [0.25, 0.5, 0.75]);
        const best = all.find((/** @type {any} */ { tags }) => JSON.parse(tags.hyperparameters).score === 0.75);
        assert.equal(properties.best_child_run_id, best.runId);
        assert.equal(properties.score, '0.75');
        for (const trial of all) assert.deepEqual([trial.parentRunId, trial.rootRunId, trial.status], [name, name, 'Completed']);
        const listed = (await emulator.arm('GET', `${emulator.workspaceId}/jobs`)).body.value;
        assert.ok(!listed.some((/** @type {any} */ one) => one.name.startsWith(`${name}_`)), 'trials are not listed as jobs');
    });

    test('runs no more trials at a time than it may', async () => {
        const gate = project.path('../gate');
        const name = await submitted({
            trial: { ...sweep().trial, command: `python trial.py \${{search_space.score}} 1 ${gate}` },
        });
        await until(async () => (await trials(name)).length === 2, 'two trials have begun');
        const shown = await job(name);
        assert.equal(shown.status, 'Running');
        project.write('../gate', '');
        assert.equal((await ended(name)).status, 'Completed');
        assert.equal((await trials(name)).length, 3);
    });

    test('draws the same values again from the same seed', async () => {
        const random = {
            sampling_algorithm: { type: 'random', seed: 7, rule: 'sobol' },
            search_space: { score: { type: 'uniform', min_value: 0.2, max_value: 0.4 } },
            limits: { max_total_trials: 3, max_concurrent_trials: 3 },
        };
        const drawn = [];
        for (const _ of [1, 2]) {
            const name = await submitted(random);
            await ended(name);
            const all = await trials(name);
            drawn.push(all.map((/** @type {any} */ { tags }) => JSON.parse(tags.hyperparameters).score).sort());
        }
        assert.deepEqual(drawn[0], drawn[1]);
        assert.ok(drawn[0].every((/** @type {number} */ value) => value >= 0.2 && value < 0.4), String(drawn[0]));
        assert.equal(new Set(drawn[0]).size, 3);
    });

    test('ends a trial early that is too far behind', async () => {
        const files = `${project.path('../never')} ${project.path('../turn')}`;
        const name = await submitted({
            search_space: { score: { type: 'choice', values: [0.9, 0.1] } },
            trial: { ...sweep().trial, command: `python trial.py \${{search_space.score}} 3 ${files}` },
            early_termination: { type: 'bandit', slack_factor: 0.2, evaluation_interval: 1 },
        });
        const behind = await until(async () => {
            const all = await trials(name);
            return all.find((/** @type {any} */ one) => one.status === 'Canceled');
        }, 'a trial was ended');
        assert.equal(JSON.parse(behind.tags.hyperparameters).score, 0.1);
        assert.equal((await emulator.arm('POST', `${jobPath(name)}/cancel`)).status, 202);
        assert.equal((await ended(name)).status, 'Canceled');
        assert.ok((await trials(name)).every((/** @type {any} */ one) => one.status === 'Canceled'));
    });

    test('goes on after the emulator was killed, and makes no trial twice', async () => {
        const gate = project.path('../later');
        const name = await submitted({
            trial: { ...sweep().trial, command: `python trial.py \${{search_space.score}} 1 ${gate}` },
        });
        await until(async () => (await trials(name)).length === 2, 'two trials have begun');
        await emulator.kill();
        await emulator.restart();
        project.write('../later', '');
        assert.equal((await ended(name)).status, 'Completed');
        const tried = (await trials(name)).map((/** @type {any} */ { tags }) => JSON.parse(tags.hyperparameters).score);
        assert.deepEqual(tried.sort(), [0.25, 0.5, 0.75]);
    });

    test('all of whose trials fail has failed', async () => {
        const name = await submitted({ trial: { ...sweep().trial, command: 'exit ${{search_space.score}}3' } });
        assert.equal((await ended(name)).status, 'Failed');
    });

    test('of a command job is made from the command line, and its trials are listed', async () => {
        const job = [
            'type: command',
            'experiment_name: sweeps',
            'code: .',
            'command: python trial.py ${{inputs.score}} ${{inputs.times}}',
            'environment: {image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04}',
            'compute: azureml:cpu-cluster',
            'inputs: {score: 0.5, times: 1}',
            '',
        ].join('\n');
        project.write('job.yml', job);
        const command = ['sweep', 'job.yml', '--search', 'score=choice(0.3,0.6)', '--metric', 'accuracy', '--max-trials', '5'];
        const made = await project.json(command);
        assert.equal(made.code, 0, made.stderr);
        const [{ name }] = made.values;
        assert.equal((await ended(name)).status, 'Completed');
        assert.equal(project.read('job.yml'), job);
        const listed = await project.json(['jobs', '--parent', name]);
        assert.equal(listed.code, 0, listed.stderr);
        const names = listed.values.map((/** @type {any} */ one) => one.name).sort();
        assert.deepEqual(names, [`${name}_0`, `${name}_1`]);
        const none = await project.aml(['jobs', '--parent', names[0] ?? '']);
        assert.match(none.stderr, /The run has no parts\./);

        const wrong = [
            [['--search', 'score=between(1,2)', '--metric', 'm'], /--search score=between\(1,2\): expected choice/],
            [['--search', 'speed=choice(1,2)', '--metric', 'm'], /--search speed: there is no input “speed”/],
            [['--search', 'score=uniform(2,1)', '--metric', 'm'], /--search score=uniform\(2,1\): “max_value” must be above/],
            [['--search', 'score=choice(1,2)'], /--metric is missing/],
            [[], /Say what is tried/],
        ];
        for (const [options, message] of /** @type {[string[], RegExp][]} */ (wrong)) {
            const { code, stderr } = await project.aml(['sweep', 'job.yml', ...options]);
            assert.notEqual(code, 0);
            assert.match(stderr, message);
        }
    });

    test('is made by asking, and its trials stand below it with the best on top', async () => {
        const asked = new Project(emulator).bind();
        asked.write('trial.py', `${script}# parser.add_argument("--no")\n`);
        asked.write('trial.job.json', JSON.stringify({
            type: 'command',
            experiment_name: 'asked',
            compute: 'azureml:cpu-cluster',
            code: '.',
            command: 'python trial.py ${{inputs.score}} ${{inputs.times}}',
            inputs: { score: 0.5, times: 1 },
            environment: sweep().trial.environment,
        }));
        const client = new LanguageClient({ env: asked.environment, cwd: asked.folder });
        /** @type {string[]} */
        const shown = [];
        client.on('window/showDocument', ({ uri }) => {
            shown.push(uri);
            return { success: true };
        });
        client.on('ui/showChanges', () => null);
        client.on('ui/pickFolder', () => ({ uri: pathToFileURL(asked.folder).href }));
        client.on('ui/pick', ({ title, items }) => {
            const wanted = title.includes('parameters') ? 'score' : title.includes('metric') ? 'Another metric…' : 'The larger the better';
            return { kind: 'picked', ids: [items.find((/** @type {any} */ { label }) => label === wanted).id] };
        });
        client.on('ui/input', ({ title, value }) => {
            const text = title.includes('values of') ? 'choice(0.3,0.9,0.6)' : title.includes('metric') ? 'accuracy' : value;
            return { kind: 'entered', value: text };
        });
        await client.initialize({ stateDirectory: asked.path('../editor'), auth: 'servicePrincipal' });
        const execute = (/** @type {string} */ command, /** @type {unknown[]} */ ...args) =>
            client.request('workspace/executeCommand', { command, arguments: args });
        await execute('azureml.sweep', pathToFileURL(asked.path('trial.job.json')).href);
        assert.match(shown[0] ?? '', /\/trial\.sweep\.job\.json$/);
        const run = await execute('azureml.submit', shown[0]);
        await ended(run.name);

        const children = async (/** @type {string} */ id) => (await client.request('tree/children', { id })).nodes;
        const parts = await until(async () => {
            await children(`${emulator.workspaceId.toLowerCase()}#experiments/asked`);
            const rows = (await children(run.nodeId)).filter((/** @type {any} */ row) => /^run\.(active|final)$/.test(row.contextValue ?? ''));
            return rows.length === 3 && rows[0].description.startsWith('best') ? rows : undefined;
        }, 'the best trial stands on top');
        assert.deepEqual(
            parts.map((/** @type {any} */ { label }) => label.replace(/^\d+: /, '')),
            ['score 0.9', 'score 0.6', 'score 0.3'],
        );
        assert.match(parts[0].description, /^best · accuracy 0\.9 · completed/);

        const trial = `${emulator.workspaceId}/jobs/${run.name}_${parts[0].label.split(':')[0]}`;
        const document = await execute('azureml.run.repeatWithChanges', trial);
        const alone = JSON.parse(asked.read(`.azureml/${trial.split('/').at(-1)}.job.json`));
        assert.match(document, /\.job\.json$/);
        assert.equal(alone.type, 'command');
        assert.equal(alone.command, 'python trial.py ${{inputs.score}} ${{inputs.times}}');
        assert.deepEqual(alone.inputs, { score: 0.9, times: 1 });

        // A metric that nobody logs is said while there is something to save.
        asked.write('wrong.sweep.job.json', JSON.stringify(sweep({
            experiment_name: 'asked',
            objective: { goal: 'maximize', primary_metric: 'acuracy' },
            search_space: { score: { type: 'choice', values: [0.1, 0.2] } },
            trial: { ...sweep().trial, command: `python trial.py \${{search_space.score}} 1 ${asked.path('../')}\${{search_space.score}}` },
        })));
        asked.write('../0.1', '');
        const wrong = await execute('azureml.submit', pathToFileURL(asked.path('wrong.sweep.job.json')).href);
        const warning = await client.asked('window/showMessageRequest', ({ message }) => /acuracy/.test(message));
        assert.match(warning.message, /compares trials by acuracy, and the trial .* has ended without logging it, but accuracy:/);
        assert.equal((await job(wrong.name)).status, 'Running');
        assert.equal((await emulator.arm('POST', `${jobPath(wrong.name)}/cancel`)).status, 202);
        assert.equal((await ended(wrong.name)).status, 'Canceled');
        await client.shutDown();
        asked.remove();
    });

    test('that cannot be sampled is refused with the place', async () => {
        project.write('sweep.yml', 'type: sweep\nsearch_space: {lr: {type: uniform, min_value: 1, max_value: 0}}\n');
        const { code, stderr } = await project.aml(['run', 'sweep.yml']);
        assert.equal(code, 1);
        assert.match(stderr, /sweep\.yml:2:\d+: search_space\.lr\.max_value: “max_value” must be above “min_value”/);
        assert.match(stderr, /trial: “trial” is missing/);
    });
});
