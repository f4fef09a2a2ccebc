// @ts-check
// What goes along with a run, and what stays on the user's machine; several runs at once; an emulator that moved.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

const listing = `
import os
for folder, _, names in os.walk("."):
    for name in names: print(os.path.join(folder, name))
`;

describe('what goes along', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project[]} */
    const projects = [];

    const newProject = () => {
        const project = new Project(emulator);
        projects.push(project);
        return project;
    };
    const options = (experiment = 'e') => [
        ...['--workspace', emulator.ready.workspace, '--experiment', experiment],
        ...['--compute', 'cpu-cluster', '--environment', 'general'],
    ];
    /** What the job found in its folder. @param {readonly any[]} values */
    const arrived = (values) =>
        values
            .filter(({ event }) => event === 'log')
            .map(({ text }) => text)
            .join('')
            .split('\n')
            .filter((line) => line.startsWith('./'))
            .sort();

    before(async () => {
        emulator = await Emulator.start({ args: ['--node-start', '50'] });
    });
    after(async () => {
        for (const project of projects) project.remove();
        await emulator?.stop();
    });

    test('a script in the home folder, in one that holds it or at the root is refused, and nothing is written', async () => {
        const project = newProject();
        project.write('train.py', listing);
        for (const home of [project.folder, project.path('people/me')]) {
            mkdirSync(home, { recursive: true });
            const { code, stderr } = await project.aml(['run', 'train.py', ...options()], { HOME: home });
            assert.equal(code, 1);
            assert.match(stderr, /home folder.*keys and passwords included.*folder of its own/s);
        }
        assert.equal(project.has('train.job.json'), false);
        project.script('root.py', '', { code: '/', command: 'ls' });
        const root = await project.aml(['run', 'root.job.json', '--workspace', emulator.ready.workspace]);
        assert.equal(root.code, 1);
        assert.match(root.stderr, /\/ is the whole file system/);
    });

    test('keys and settings with secrets are named and refused, and go with --yes', async () => {
        const project = newProject();
        project.write('train.py', listing);
        project.write('.ssh/id_rsa', 'fake');
        project.write('.env', 'KEY=fake');
        project.write('deploy', '-----BEGIN OPENSSH PRIVATE KEY-----\nfake\n');
        project.write('.venv/pyvenv.cfg', '');
        project.write('node_modules/x/index.js', 'x');
        const refused = await project.aml(['run', 'train.py', ...options()]);
        assert.equal(refused.code, 2);
        for (const named of [/\.ssh\/ {2}\(private key, 1 file, 4 B\)/, /\.env {2}\(settings/, /deploy {2}\(private key/])
            assert.match(refused.stderr, named);
        assert.match(refused.stderr, /List in \.gitignore what shall stay here, or send all of it with --yes/);
        assert.equal(emulator.createdJobs().size, 0);

        project.write('.gitignore', '.ssh/\n');
        const sent = await project.json(['run', 'train.py', '--follow', '--yes', ...options()]);
        assert.equal(sent.code, 0, sent.stderr);
        assert.match(sent.stderr, /note: Left out, since it is made anew.*node_modules \(1 B\).*\.venv \(0 B\)/);
        const files = ['./.azureml/config.json', './.env', './.gitignore', './deploy', './train.job.json', './train.py'];
        assert.deepEqual(arrived(sent.values), files);
        // What was confirmed once is not asked about again.
        const again = await project.json(['repeat', 'train.py']);
        assert.equal(again.code, 0, again.stderr);
    });

    test('what git ignores from above stays here, and an ignore file in UTF-16 counts', async () => {
        const project = newProject().bind();
        project.write('.git/HEAD', 'ref: refs/heads/main\n');
        project.write('.gitignore', '*.ckpt\n');
        project.write('.git/info/exclude', 'notes.txt\n');
        project.write('src/m.ckpt', '1');
        project.write('src/notes.txt', '1');
        project.write('src/data/big', '1');
        writeFileSync(project.path('src/.gitignore'), Buffer.from('\ufeffdata/\r\n', 'utf16le'));
        project.write('src/main.py', listing);
        project.script('t.py', '', { code: 'src', command: 'python main.py' });
        const run = await project.json(['run', 't.job.json', '--follow']);
        assert.equal(run.code, 0, run.stderr);
        assert.deepEqual(arrived(run.values), ['./.gitignore', './main.py']);
    });

    test('first runs of a script that start together all become runs, each with its own options', async () => {
        for (let round = 0; round < 3; round += 1) {
            const project = newProject();
            project.write('train.py', 'print("x")\n');
            const names = ['a', 'b', 'c', 'd', 'e'];
            const runs = await Promise.all(
                names.map((name) => project.json(['run', 'train.py', ...options(name)])),
            );
            for (const [at, { code, values, stderr }] of runs.entries()) {
                assert.equal(code, 0, stderr);
                assert.equal(values[0].experiment, names[at]);
            }
            assert.ok(names.includes(JSON.parse(project.read('train.job.json')).experiment_name));
        }
    });
});

test('an emulator that comes back on another port takes local data and code', async (t) => {
    const emulator = await Emulator.start({ args: ['--node-start', '50'] });
    const project = new Project(emulator).bind();
    t.after(async () => {
        project.remove();
        await emulator.stop();
    });
    project.script('read.py', '', {
        command: 'cat ${{inputs.d}}',
        inputs: { d: { type: 'uri_file', path: 'data.csv' } },
    });
    for (const text of ['first', 'second']) {
        project.write('data.csv', text);
        const run = await project.json(['run', 'read.job.json', '--follow']);
        assert.equal(run.code, 0, run.stderr);
        const log = run.values.filter(({ event }) => event === 'log').map((value) => value.text);
        assert.match(log.join(''), new RegExp(text));
        await emulator.move();
    }
});
