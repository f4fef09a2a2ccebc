// @ts-check
// Runs on this computer from a terminal: what becomes of them, and of them when something is killed.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { HereProject } from '../support/here.mjs';
import { killWhatRuns, until } from '../support/processes.mjs';

after(killWhatRuns);

/** @type {HereProject[]} */
const projects = [];
after(() => projects.forEach((project) => project.remove()));

const newProject = () => {
    const project = new HereProject();
    projects.push(project);
    return project;
};

/** Says who it is, starts somebody else, and waits for a file. */
const waiting = `
import os, pathlib, subprocess, sys, time

other = subprocess.Popen(["sleep", "600"])
print("pids", os.getpid(), other.pid, flush=True)
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.05)
other.kill()
print("went on", flush=True)
`;

/** A run that is at work: its program, its name, and the processes of its command. @param {HereProject} project */
async function startWaiting(project) {
    project.script('wait.py', waiting, { command: `python wait.py ${join(project.base, 'go')}` });
    const program = project.start(['run', 'wait.job.json', '--local']);
    const [, name = ''] = await program.output(/^Run (\S+) on this computer/m);
    const [, ...pids] = await program.output(/pids (\d+) (\d+)/);
    return { program, name, pids: pids.map(Number) };
}

/** @param {number} pid */
function isAlive(pid) {
    try {
        process.kill(pid, 0);
        return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
    } catch {
        return false;
    }
}

test('a configuration runs here as it is submitted: inputs, outputs, variables, its log and its end', async () => {
    const project = newProject();
    project.write('my data/x.txt', 'some data');
    project.script(
        'train.py',
        'import os, pathlib, sys\n' +
            'print("lr", sys.argv[1], "data", pathlib.Path(sys.argv[2], "x.txt").read_text())\n' +
            'print("level", os.environ["LEVEL"], "in", pathlib.Path.cwd().name)\n' +
            'pathlib.Path("outputs/model.txt").write_text("a model")\n' +
            'pathlib.Path(sys.argv[3], "more.txt").write_text("more")\n',
        {
            command: 'python train.py ${{inputs.lr}} ${{inputs.data}} ${{outputs.extra}}',
            inputs: { lr: 0.1, data: { type: 'uri_folder', path: 'my data' } },
            outputs: { extra: { type: 'uri_folder' } },
            environment_variables: { LEVEL: '3' },
        },
    );
    const { code, values, stderr } = await project.json(['run', 'train.job.json', '--local', '--set', 'lr=0.5']);
    assert.equal(code, 0, stderr);
    assert.equal(values[0].event, 'submitted');
    const { name } = values[0];
    assert.equal(values[0].folder, project.ofRun(name));
    assert.equal(values[0].set.lr, '0.5');
    const log = values.filter(({ event }) => event === 'log').map(({ text }) => text);
    assert.match(log.join(''), /lr 0\.5 data some data\nlevel 3 in code\n/);
    const finished = values.at(-1);
    assert.equal(finished.status, 'Completed');
    assert.deepEqual(finished.outputs, ['outputs/extra/more.txt', 'outputs/model.txt']);
    assert.equal(readFileSync(project.ofRun(name, 'outputs', 'model.txt'), 'utf8'), 'a model');
    // What a run leaves stays out of git, and of what is sent.
    assert.equal(readFileSync(project.ofRun('.gitignore'), 'utf8'), '*\n');
    assert.equal(existsSync(project.ofRun(name, 'code', '.azureml', 'runs')), false);

    const listed = await project.json(['jobs', '--local']);
    assert.deepEqual(listed.values.map((run) => [run.name, run.status, run.experiment]), [[name, 'Completed', 'e2e']]);
    assert.match((await project.aml(['logs', name])).stdout, /lr 0\.5/);
    assert.equal((await project.status(name)).displayName, 'train');
    const saved = await project.aml(['outputs', name, '--path', 'outputs/model.txt', '--download', 'saved']);
    assert.equal(saved.code, 0, saved.stderr);
    assert.equal(project.read('saved/outputs/model.txt'), 'a model');
});

test('what MLflow logs is there: metrics, parameters, files', async () => {
    const project = newProject();
    project.script(
        'train.py',
        'import mlflow\n' +
            'with mlflow.start_run():\n' +
            '    mlflow.log_param("lr", 0.1)\n' +
            '    for step in range(3):\n' +
            '        mlflow.log_metric("loss", 1 / (step + 1), step=step)\n' +
            '    mlflow.log_text("hello", "notes/hello.txt")\n',
        { environment: { image: 'an/image', conda_file: { dependencies: ['pip', { pip: ['mlflow-skinny'] }] } } },
    );
    const { code, values, stderr } = await project.json(['run', 'train.job.json', '--local']);
    assert.equal(code, 0, stderr + JSON.stringify(values.at(-1)));
    const { name } = values[0];
    const logged = await project.json(['metrics', name]);
    const points = logged.values.map(({ metric, step, value }) => [metric, step, Number(value.toFixed(3))]);
    assert.deepEqual(points, [['loss', 0, 1], ['loss', 1, 0.5], ['loss', 2, 0.333]]);
    const files = await project.aml(['outputs', name]);
    assert.match(files.stdout, /^notes\/hello\.txt$/m);
    const table = await project.json(['jobs', '--local', '--columns', 'loss,params.lr']);
    assert.equal(table.values[0].columns['params.lr'], '0.1');
});

test('a script that fails is told with its exception, and with the exit code of a failed run', async () => {
    const project = newProject();
    project.script('train.py', 'raise ValueError("no data")\n');
    const { code, values } = await project.json(['run', 'train.job.json', '--local']);
    assert.equal(code, 1);
    assert.equal(values.at(-1).status, 'Failed');
    assert.match(JSON.stringify(values.at(-1).error), /exited with status code 1.*ValueError: no data/);
    assert.equal((await project.aml(['status', values[0].name])).code, 1);
});

test('cancelling ends the whole tree of processes', async () => {
    const project = newProject();
    const { program, name, pids } = await startWaiting(project);
    assert.equal((await project.status(name)).status, 'Running');
    const cancelled = await project.aml(['cancel', name]);
    assert.match(cancelled.stderr, new RegExp(`Asked run ${name} to end\\.`));
    assert.equal((await program.ended).code, 3);
    assert.equal((await project.status(name)).status, 'Canceled');
    assert.deepEqual(pids.filter(isAlive), []);
    // It stays ended.
    assert.match((await project.aml(['cancel', name])).stderr, /has ended already/);
});

test('a command that is killed has failed, and so has one whose supervisor was', async () => {
    const project = newProject();
    const killed = await startWaiting(project);
    process.kill(killed.pids[0] ?? 0, 'SIGKILL');
    assert.equal((await killed.program.ended).code, 1);
    assert.match(JSON.stringify((await project.status(killed.name)).error), /exited with status code 137|signal 9/);

    const lost = await startWaiting(project);
    const stat = readFileSync(`/proc/${lost.pids[0]}/stat`, 'utf8');
    let parent = Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]);
    // A shell may stand between the two.
    while (!readFileSync(`/proc/${parent}/cmdline`, 'utf8').includes('--supervise')) {
        const above = readFileSync(`/proc/${parent}/stat`, 'utf8');
        parent = Number(above.slice(above.lastIndexOf(')')).split(' ')[2]);
    }
    process.kill(parent, 'SIGKILL');
    assert.equal((await lost.program.ended).code, 1);
    assert.match(JSON.stringify((await project.status(lost.name)).error), /process was lost/);
    for (const pid of lost.pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
});

test('a run goes on when the terminal is killed, and its end is known afterwards', async () => {
    const project = newProject();
    const { program, name } = await startWaiting(project);
    await program.kill();
    assert.equal((await project.status(name)).status, 'Running');
    project.write('../go', '');
    const followed = await project.aml(['logs', name, '--follow']);
    assert.equal(followed.code, 0, followed.stderr);
    assert.match(followed.stdout, /went on/);
    assert.equal((await project.status(name)).status, 'Completed');
});

test('packages that cannot be had fail the run with what pip says', async () => {
    const index = http.createServer((_request, response) => response.writeHead(404).end());
    await new Promise((resolve) => index.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (index.address());
    const project = newProject();
    const conda_file = { dependencies: ['pip', { pip: ['no-such-package-of-anybody'] }] };
    project.script('train.py', 'print(1)\n', { environment: { image: 'an/image', conda_file } });
    const from = { PIP_INDEX_URL: `http://127.0.0.1:${port}/simple`, PIP_RETRIES: '0', NO_PROXY: '127.0.0.1' };
    const { code, values } = await project.json(['run', 'train.job.json', '--local'], from);
    index.close();
    assert.equal(code, 1);
    assert.match(JSON.stringify(values.at(-1).error), /Image build failed.*no-such-package-of-anybody/);
    const log = await project.aml(['logs', values[0].name, '--file', 'azureml-logs/20_image_build_log.txt']);
    assert.match(log.stdout, /No matching distribution found/);
});

test('a run whose preparation was killed says so from then on', async () => {
    // It takes requests and never answers.
    const index = http.createServer(() => {});
    await new Promise((resolve) => index.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (index.address());
    const project = newProject();
    const conda_file = { dependencies: ['pip', { pip: ['a-package'] }] };
    project.script('train.py', 'print(1)\n', { environment: { image: 'an/image', conda_file } });
    const program = project.start(['run', 'train.job.json', '--local'], {
        PIP_INDEX_URL: `http://127.0.0.1:${port}/simple`,
        NO_PROXY: '127.0.0.1',
    });
    const [, name = ''] = await program.output(/^Run (\S+) on this computer/m);
    await until(async () => (await project.status(name)).status === 'Preparing', 'the build has begun');
    await program.kill();
    const { status, error } = await project.status(name);
    index.closeAllConnections();
    index.close();
    assert.equal(status, 'Failed');
    assert.match(JSON.stringify(error), /was ended before the run's command began/);
});

test('what cannot run here is said before anything starts', async () => {
    const project = newProject();
    project.script('train.py', 'print(1)\n');
    const refused = async (/** @type {string[]} */ args, /** @type {RegExp} */ reason, env = {}) => {
        const { code, stderr } = await project.aml(['run', ...args, '--local'], env);
        assert.notEqual(code, 0);
        assert.match(stderr, reason);
        assert.equal(project.hasRuns(), false);
    };
    await refused(['train.job.json'], /This computer has no Python 3\. Install Python 3/, { PATH: '/nonexistent' });
    await refused(['train.job.json', '--set', 'environment=azureml:sklearn:1'], /known in Azure only/);
    await refused(['train.job.json', '--set', 'lr=1,2', '--parallel'], /--set|one at a time/);
    project.write('other.py', 'print(2)\n');
    await refused(['other.py'], /'other\.py' has no run configuration yet/);
    assert.match((await project.aml(['jobs', '--local'])).stderr, /There are no runs on this computer\./);
});
