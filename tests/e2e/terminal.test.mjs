// @ts-check
// The terminal commands against the emulator: outcomes, exit codes, output for people and programs.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { binaries, killWhatRuns, Program } from '../support/processes.mjs';
import { jsonLines, Project } from '../support/project.mjs';

after(killWhatRuns);

const waiting = `
import pathlib, sys, time

print("waiting", flush=True)
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.05)
print("went on", flush=True)
`;

describe('aml in a terminal', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project[]} */
    const projects = [];

    const newProject = () => {
        const project = new Project(emulator);
        projects.push(project);
        return project;
    };

    before(async () => {
        emulator = await Emulator.start({ args: ['--node-start', '50'] });
    });
    after(async () => {
        for (const project of projects) project.remove();
        await emulator?.stop();
    });

    test('a script without a configuration runs from options alone, and repeats', async () => {
        const project = newProject();
        project.write('train.py', 'print("hello from the job")\n');
        project.write('requirements.txt', '');
        const options = ['--workspace', emulator.ready.workspace, '--experiment', 'first'];
        const choices = ['--compute', 'cpu-cluster', '--environment', 'general', '--follow'];
        const first = await project.json(['run', 'train.py', ...options, ...choices]);
        assert.equal(first.code, 0, first.stderr);
        const events = first.values.map(({ event }) => event);
        assert.equal(events[0], 'submitted');
        assert.equal(events.at(-1), 'finished');
        const finished = first.values.at(-1);
        assert.equal(finished.status, 'Completed');
        assert.equal(finished.experiment, 'first');
        const log = first.values.filter(({ event }) => event === 'log').map(({ text }) => text);
        assert.match(log.join(''), /hello from the job/);
        const configuration = JSON.parse(project.read('train.job.json'));
        assert.equal(configuration.experiment_name, 'first');
        assert.equal(configuration.compute, 'azureml:cpu-cluster');
        assert.equal(JSON.parse(project.read('.azureml/config.json')).workspace_name, emulator.ready.workspace);

        const second = await project.json(['repeat', 'train.py']);
        assert.equal(second.code, 0, second.stderr);
        assert.notEqual(second.values[0].name, finished.name);
        assert.equal(second.values[0].codeReused, true);
    });

    test('on a terminal what is missing is asked, step by step and with a way back', async () => {
        const project = newProject();
        project.write('train.py', 'print("asked on a terminal")\n');
        project.write('requirements.txt', '');
        // What is answered to the question that begins like this.
        const answers = [
            [/subscription \(1 of 6\)[^]*Number or name: $/, '1'],
            [/workspace \(2 of 6\)[^]*Number or name, < for back: $/, emulator.ready.workspace],
            [/experiment \(3 of 6\)[^]*Number or name, < for back: $/, '<'],
            [/workspace \(2 of 6\)[^]*Number or name, < for back \[.*\]: $/, ''],
            [/experiment \(3 of 6\)[^]*Number or name, < for back: $/, 'create new'],
            [/Create new experiment[^]*Text, < for back \[.*\]: $/, 'no blanks'],
            [/letters, digits[^]*Text, < for back \[.*\]: $/, 'asked'],
            [/compute \(4 of 6\)[^]*Number or name, < for back: $/, 'cpu-cluster'],
            [/configuration \(5 of 6\)[^]*Number or name, < for back: $/, 'general'],
            [/packages \(6 of 6\)[^]*Enter to accept, < for back: $/, ''],
        ];
        // `script` runs a command on a terminal of its own.
        const command = `'${join(binaries, 'aml')}' run train.py --follow`;
        const options = { cwd: project.folder, env: { ...project.environment, TERM: 'xterm' } };
        const session = new Program('script', ['-qec', command, '/dev/null'], options);
        for (const [question, answer] of /** @type {[RegExp, string][]} */ (answers)) {
            await session.output(question);
            session.stdout = '';
            session.child.stdin.write(`${answer}\n`);
        }
        const { code, stdout } = await session.ended;
        assert.equal(code, 0, stdout);
        // Progress is drawn over itself, which only a terminal can do.
        assert.match(stdout, /█+░* +\d+% +Uploading[^\n]*\r\u001b\[2K/);
        assert.match(stdout, /asked on a terminal/);
        const configuration = JSON.parse(project.read('train.job.json'));
        assert.equal(configuration.experiment_name, 'asked');
        assert.equal(configuration.compute, 'azureml:cpu-cluster');
    });

    test('what is missing is listed when nobody can be asked', async () => {
        const project = newProject();
        project.write('train.py', '');
        const { code, stderr } = await project.aml(['run', 'train.py', '--experiment', 'e']);
        assert.equal(code, 2);
        assert.match(stderr, /--workspace WORKSPACE, --compute NAME, --environment WHAT/);
        assert.equal(project.has('train.job.json'), false);
    });

    test('computes are created and listed, and a run uses what its options name', async () => {
        const project = newProject();
        const where = ['--workspace', emulator.ready.workspace];
        const shape = ['--min-nodes', '0', '--max-nodes', '2', '--idle-seconds', '60', '--spot'];
        const made = await project.json(['compute', 'create', 'batch', ...shape, ...where]);
        assert.equal(made.code, 0, made.stderr);
        const { name, vmSize, vmPriority, maxNodes } = made.values[0];
        assert.deepEqual([name, vmPriority, maxNodes], ['batch', 'LowPriority', 2]);
        assert.match(vmSize, /^STANDARD_DS3_V2$/i);
        const listed = await project.aml(['compute', 'list', ...where]);
        assert.match(listed.stdout, /^NAME +TYPE +SIZE +STATE +OFF WHEN IDLE FOR\nbatch +AmlCompute +\S+ +0 of 2 nodes +1 min\ncpu-cluster /);
        const all = await project.json(['compute', 'list', ...where]);
        assert.deepEqual(all.values.map((compute) => compute.name), ['batch', 'cpu-cluster']);

        const again = await project.aml(['compute', 'create', 'BATCH', ...where]);
        assert.equal(again.code, 1);
        const wrong = await project.aml(['compute', 'create', 'x', '--min-nodes', '3', '--max-nodes', '2', ...where]);
        assert.equal(wrong.code, 2);
        assert.match(wrong.stderr, /--max-nodes \(2\) is less than --min-nodes \(3\)/);
        const half = await project.aml(['compute']);
        assert.equal(half.code, 2);
        assert.match(half.stderr, /compute create, compute list/);

        const environment = `${emulator.workspaceId}/environments/mine/versions/7`;
        const image = 'mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04';
        assert.equal((await emulator.arm('PUT', environment, { properties: { image } })).status, 201);
        project.write('train.py', 'print("ran")\n');
        const options = ['--compute', 'serverless', '--environment', 'azureml:mine@latest', '--experiment', 'e'];
        const run = await project.json(['run', 'train.py', '--follow', ...where, ...options]);
        assert.equal(run.code, 0, run.stderr);
        assert.equal('compute' in JSON.parse(project.read('train.job.json')), false);
        const other = ['--compute', 'azureml:batch', '--environment', 'azureml:mine@latest'];
        const changed = await project.json(['run', 'train.py', '--follow', ...other]);
        assert.equal(changed.code, 0, changed.stderr);
        assert.equal(changed.values.at(-1).compute, 'batch');
    });

    test('output that cannot be written is an error, and a reader that has gone is none', async () => {
        const project = newProject().bind();
        project.script('x.py', 'print("x")\n');
        assert.equal((await project.json(['run', 'x.py', '--follow'])).code, 0);
        const aml = join(binaries, 'aml');
        for (const [command, code] of /** @type {[string, number][]} */ ([
            [`'${aml}' jobs > /dev/full`, 1],
            [`'${aml}' help > /dev/full`, 1],
            [`'${aml}' jobs | true; exit "\${PIPESTATUS[0]}"`, 0],
        ])) {
            const options = { cwd: project.folder, env: project.environment };
            const ended = await new Program('bash', ['-c', command], options).ended;
            assert.equal(ended.code, code, ended.stderr);
            assert.equal(/Cannot write the output/.test(ended.stderr), code === 1, ended.stderr);
        }
    });

    test('a run with many outputs names the first, and all of them for programs', async () => {
        const project = newProject().bind();
        const source = 'for n in range(50): open(f"outputs/{n:02}.txt", "w").write("x")\n';
        project.script('many.py', source);
        const shown = await project.aml(['run', 'many.py', '--follow']);
        assert.match(shown.stdout, /outputs\/19\.txt\n +and \d+ more/);
        assert.doesNotMatch(shown.stdout, /outputs\/30\.txt/);
        const { values } = await project.json(['repeat', 'many.py', '--follow']);
        assert.ok(values.at(-1).outputs.length >= 50);
    });

    test('a job installs packages for itself, not for the machine', async () => {
        const project = newProject().bind();
        const wheel = `
import zipfile
name = "amlmini-1.dist-info/"
with zipfile.ZipFile("amlmini-1-py3-none-any.whl", "w") as wheel:
    wheel.writestr("amlmini.py", "x = 1")
    wheel.writestr(name + "METADATA", "Metadata-Version: 2.1\\nName: amlmini\\nVersion: 1\\n")
    wheel.writestr(name + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(name + "RECORD", "")
`;
        const install = 'pip install --no-index ./amlmini-1-py3-none-any.whl';
        project.script('wheel.py', wheel, {
            command: `python wheel.py && ${install} && python -c "import amlmini"`,
        });
        const run = await project.json(['run', 'wheel.py', '--follow']);
        assert.equal(run.code, 0, JSON.stringify(run.values));
        const left = new Program('/usr/bin/python3', ['-c', 'import amlmini']);
        assert.equal((await left.ended).code, 1);
    });

    test('an address that is none is told with the name of its variable', async () => {
        const project = newProject();
        const { code, stderr } = await project.aml(['jobs'], { AZUREML_ARM_ENDPOINT: 'foo' });
        assert.equal(code, 1);
        assert.match(stderr, /“foo” is no http\(s\) address.*AZUREML_ARM_ENDPOINT/);
    });

    test('a script that fails ends with 1, its log and the reason', async () => {
        const project = newProject().bind();
        project.script('bad.py', 'print("before")\nraise ValueError("no such luck")\n');
        const run = await project.json(['run', 'bad.py', '--follow']);
        assert.equal(run.code, 1);
        const finished = run.values.at(-1);
        assert.equal(finished.status, 'Failed');
        assert.notEqual(finished.error.message, '');
        const log = run.values.filter(({ event }) => event === 'log').map(({ text }) => text);
        assert.match(log.join(''), /before[^]*ValueError: no such luck/);
        const status = await project.aml(['status', finished.name]);
        assert.equal(status.code, 1);
        assert.match(status.stdout, /status +Failed/);
    });

    test('a running run is cancelled with 3, its script is gone, and Ctrl-C leaves a run alone', async () => {
        const project = newProject().bind();
        const gate = join(project.base, 'gate');
        project.script('wait.py', waiting, { command: `python wait.py ${gate}` });
        const followed = project.start(['run', 'wait.py', '--follow', '--json']);
        await followed.output(/"text":"[^"]*waiting/);
        const { name } = jsonLines(followed.stdout)[0];

        const left = project.start(['logs', name, '--follow']);
        await left.output(/waiting/);
        const interrupted = await left.kill('SIGINT');
        assert.equal(interrupted.code, 130);
        assert.match(interrupted.stderr, /The run goes on/);
        const status = await project.json(['status', name]);
        assert.equal(status.values[0].status, 'Running');
        assert.equal(status.code, 4);

        const cancelled = await project.aml(['cancel', name]);
        assert.equal(cancelled.code, 0, cancelled.stderr);
        const ended = await followed.ended;
        assert.equal(ended.code, 3, ended.stderr);
        assert.equal(jsonLines(ended.stdout).at(-1).status, 'Canceled');
    });

    test('jobs lists runs, newest first, of everything or of one experiment', async () => {
        const project = newProject().bind();
        project.script('quick.py', 'print(1)\n', { experiment_name: 'listed' });
        const names = [];
        for (let count = 0; count < 3; count += 1) {
            const run = await project.json(['run', 'quick.job.json']);
            assert.equal(run.code, 0, run.stderr);
            names.unshift(run.values[0].name);
        }
        const listed = await project.json(['jobs', '--experiment', 'listed', '--limit', '2']);
        assert.deepEqual(
            listed.values.map(({ name }) => name),
            names.slice(0, 2),
        );
        const all = await project.aml(['jobs']);
        assert.match(all.stdout, /^NAME +DISPLAY NAME +EXPERIMENT +STATUS/);
        for (const name of names) assert.ok(all.stdout.includes(name));
    });

    test('options change the run and not its file', async () => {
        const project = newProject().bind();
        project.script('kept.py', 'print(1)\n');
        const before = project.read('kept.job.json');
        const run = await project.json(['run', 'kept.py', '--experiment', 'other']);
        assert.equal(run.values[0].experiment, 'other', run.stderr);
        assert.equal(project.read('kept.job.json'), before);
    });

    test('login says as whom, and writes no token anywhere', async () => {
        const project = newProject();
        const login = await project.json(['login']);
        assert.equal(login.code, 0, login.stderr);
        assert.equal(login.values[0].tenant, emulator.ready.tenantId);
        const files = readdirSync(project.base, { recursive: true }).map(String);
        assert.deepEqual(files.filter((file) => /token/i.test(file)), []);
    });

    test('help, version and wrong usage need no Azure', async () => {
        const project = newProject();
        const nothing = { AZUREML_ARM_ENDPOINT: 'http://127.0.0.1:1' };
        assert.match((await project.aml(['--help'], nothing)).stdout, /usage: aml COMMAND/);
        assert.match((await project.aml(['version'], nothing)).stdout, /^aml \d+\.\d+\.\d+ \(.+\)\n$/);
        const wrong = await project.aml(['jobs', '--nonsense'], nothing);
        assert.equal(wrong.code, 2);
        assert.match(wrong.stderr, /no option --nonsense/);
        for (const [options, problem] of /** @type {[string[], string][]} */ ([
            [[], "'aml serve' needs --stdio."],
            [['--stdio', '--log-level', 'loud'], "--log-level takes error or info or debug, not 'loud'."],
        ])) {
            const serve = await project.aml(['serve', ...options], nothing);
            assert.equal(serve.code, 2);
            assert.equal(serve.stderr, `error: ${problem}\n'aml serve --help' explains it.\n`);
        }
    });
});
