// @ts-check
// Many runs of one configuration and a sweep, through the same weather, while the program and the service are
// killed: in the end each combination of values is one run, and each trial ran once.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { killWhatRuns, until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { weather } from './weather.mjs';

const seed = Number(process.env['AML_STORM_SEED'] ?? 20261130);
const size = 50;
const trialCount = 24;
const mostAttempts = 25;

after(killWhatRuns);

/** @param {string} text */
const say = (text) => process.stderr.write(`    ${text}\n`);

const environment = { image: 'mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04' };

/** The emulator in its weather, with room for many nodes. */
const inStorm = () =>
    Emulator.start({
        faults: weather(seed),
        seed: { workspaces: [{ computes: [{ name: 'cpu-cluster', maxNodeCount: 64 }] }] },
        args: ['--node-start', '0', '--page-size', '500'],
    });

/** Kills the service and starts it again. @param {Emulator} emulator */
async function outage(emulator) {
    await emulator.kill();
    await emulator.restart();
}

/** The weather clears. @param {Emulator} emulator */
async function calm(emulator) {
    await emulator.kill();
    emulator.withoutFaults();
    await emulator.restart();
}

/** @param {string} file @returns {string[]} */
function lines(file) {
    try {
        return readFileSync(file, 'utf8').split('\n').filter(Boolean);
    } catch {
        return [];
    }
}

test(`${size} runs of one configuration are submitted once each, seed ${seed}`, async () => {
    const emulator = await inStorm();
    const project = new Project(emulator).bind();
    const configuration = {
        type: 'command',
        experiment_name: 'together',
        compute: 'azureml:cpu-cluster',
        code: '.',
        command: 'echo ${{inputs.n}}',
        inputs: { n: 0 },
        environment,
    };
    project.write('job.job.json', JSON.stringify(configuration));
    const all = Array.from({ length: size }, (_, n) => `${n + 1}`);
    /** What the program has told, by value. @type {Map<string, Set<string>>} */
    const told = new Map();
    let attempts = 0;
    let kills = 0;
    for (let left = all; left.length > 0; left = all.filter((n) => !told.has(n))) {
        attempts += 1;
        assert.ok(attempts <= mostAttempts, `${left.length} runs are not submitted after ${mostAttempts} attempts`);
        const program = project.start(['run', 'job.job.json', '--set', `n=${left.join(',')}`, '--parallel', '--json']);
        program.child.stdin.end();
        const submitted = () => program.stdout.split('\n').filter((line) => line.includes('"set"')).length;
        const half = Math.ceil(left.length / 2);
        if (attempts <= 2 && left.length > 2) {
            await until(
                async () => submitted() >= half || program.child.exitCode !== null,
                'half of the runs are submitted',
            );
            if (attempts === 1) await program.kill('SIGKILL');
            if (attempts === 2) await outage(emulator);
            kills += 1;
        }
        const { stdout } = await program.ended;
        for (const line of stdout.split('\n')) {
            // The last one may be cut off.
            if (!line.endsWith('}')) continue;
            const value = JSON.parse(line);
            if (!value.name || !value.set) continue;
            told.set(value.set.n, (told.get(value.set.n) ?? new Set()).add(value.name));
        }
    }
    await calm(emulator);
    // What was cut off is settled, and told, by whoever comes next.
    const jobs = (await emulator.arm('GET', `${emulator.workspaceId}/jobs`)).body.value;
    /** @type {Map<string, string[]>} */
    const made = new Map();
    for (const { name, properties } of jobs) {
        const n = properties.inputs.n.value;
        made.set(n, [...(made.get(n) ?? []), name]);
    }
    for (const n of all) {
        assert.equal(made.get(n)?.length, 1, `n=${n} is one run: ${made.get(n)}`);
        assert.deepEqual([...(told.get(n) ?? [])], made.get(n), `n=${n} was told as it is`);
    }
    assert.equal(jobs.length, size);
    say(`storm: ${size} runs together, ${attempts} attempts, ${kills} kills`);
    project.remove();
    await emulator.stop();
});

test(`each trial of a sweep runs once, seed ${seed}`, async () => {
    const emulator = await inStorm();
    const project = new Project(emulator).bind();
    const record = project.path('../trials.txt');
    const values = Array.from({ length: trialCount }, (_, n) => n + 1);
    const sweep = {
        type: 'sweep',
        experiment_name: 'together',
        compute: 'azureml:cpu-cluster',
        sampling_algorithm: 'grid',
        search_space: { n: { type: 'choice', values } },
        objective: { goal: 'maximize', primary_metric: 'n' },
        trial: { code: '.', command: `echo \${{search_space.n}} >> ${record}`, environment },
        limits: { max_total_trials: trialCount, max_concurrent_trials: 6 },
    };
    project.write('sweep.job.json', JSON.stringify(sweep));
    /** @type {any} */
    let run;
    for (let attempt = 0; run === undefined; ++attempt) {
        assert.ok(attempt < mostAttempts, 'the sweep is not submitted');
        const { values: told } = await project.json(['run', 'sweep.job.json']);
        run = told.find(({ name }) => name);
    }
    await until(async () => lines(record).length >= 3, 'some trials have run');
    await outage(emulator);
    await until(async () => lines(record).length >= 12, 'half of the trials have run');
    await calm(emulator);
    const job = `${emulator.workspaceId}/jobs/${run.name}`;
    await until(
        async () => (await emulator.arm('GET', job)).body.properties.status === 'Completed',
        'the sweep has ended',
        300_000,
    );
    const sweeps = (await emulator.arm('GET', `${emulator.workspaceId}/jobs`)).body.value;
    assert.deepEqual(sweeps.map(({ name }) => name), [run.name]);
    const history = `/history/v1.0${emulator.workspaceId}/experiments/together/runs/${run.name}/children`;
    const trials = (await emulator.arm('GET', history)).body.value;
    const tried = trials.map((/** @type {any} */ { tags }) => JSON.parse(tags.hyperparameters).n);
    assert.deepEqual(tried.sort((/** @type {number} */ a, /** @type {number} */ b) => a - b), values);
    for (const trial of trials) assert.equal(trial.status, 'Completed', trial.runId);
    const ran = lines(record).map(Number);
    assert.deepEqual(ran.sort((a, b) => a - b), values, 'each trial ran once');
    say(`storm: ${trialCount} trials of a sweep, 2 services killed`);
    project.remove();
    await emulator.stop();
});
