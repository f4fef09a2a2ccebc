// @ts-check
// Whatever is wrong with what the user gives or has, the message names it and nothing is lost.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { binaries, killWhatRuns, Program } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

const closedPort = 'http://127.0.0.1:1';

describe('bad input', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;

    before(async () => {
        emulator = await Emulator.start({ args: ['--node-start', '50'] });
    });
    after(() => emulator?.stop());

    /**
     * Runs `aml` in a fresh project and expects it to refuse with `message`, creating no job.
     * @param {(project: Project) => readonly string[]} prepare gives the arguments
     * @param {readonly RegExp[]} messages
     * @param {NodeJS.ProcessEnv} [environment]
     */
    async function refused(prepare, messages, environment = {}) {
        project = new Project(emulator).bind();
        const before = emulator.createdJobs().size;
        const ended = await project.aml(prepare(project), environment);
        for (const message of messages) assert.match(ended.stderr, message);
        assert.equal(ended.code, 1, ended.stderr);
        assert.equal(emulator.createdJobs().size, before, 'no job was created');
        project.remove();
    }

    /**
     * Runs the project's configuration as somebody whom permissions hold back: root becomes nobody.
     * Skips the test where nobody may not run the program.
     * @param {import('node:test').TestContext} t
     * @param {Project} project
     * @param {() => void} forbid
     */
    async function asNobody(t, project, forbid) {
        const identity = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
        const aml = join(binaries, 'aml');
        if (spawnSync(aml, ['version'], identity).status !== 0) return t.skip('nobody may not run it');
        spawnSync('chmod', ['-R', 'a+rwX', project.base]);
        forbid();
        const options = { ...identity, cwd: project.folder, env: project.environment };
        return new Program(aml, ['run', 'train.job.json'], options).ended;
    }

    /** @param {Record<string, unknown>} changes */
    const configured = (changes) => (/** @type {Project} */ project) => {
        project.script('train.py', 'print(1)\n', changes);
        return ['run', 'train.job.json'];
    };

    test('a configuration that is not JSON: file, line and column', () =>
        refused(
            (project) => {
                project.write('train.job.json', '{\n  "type": "command",\n  "command" "x"\n}\n');
                return ['run', 'train.job.json'];
            },
            [/^error: train\.job\.json:3:12: Expected “:”/],
        ));

    test('a value of the wrong type: file, line, column and key', () =>
        refused(configured({ command: 7, tags: [] }), [
            /train\.job\.json:7:14: command: Expected text in double quotes, found 7/,
            /train\.job\.json:\d+:11: tags: /,
        ]));

    test('a job type that is not supported', () =>
        refused(configured({ type: 'pipeline' }), [/pipeline/, /command/]));

    test('a code folder that is missing', () =>
        refused(configured({ code: 'nowhere' }), [/code/, /nowhere/]));

    test('a code folder that is empty', () =>
        refused(
            (project) => {
                mkdirSync(project.path('empty'));
                return configured({ code: 'empty', command: 'echo nothing' })(project);
            },
            [/empty/],
        ));

    test('a code folder that may not be read', async (t) => {
        const project = new Project(emulator).bind();
        project.script('train.py', 'print(1)\n', { code: 'secret', command: 'echo nothing' });
        mkdirSync(project.path('secret'));
        const ended = await asNobody(t, project, () => chmodSync(project.path('secret'), 0o000));
        if (ended === undefined) return;
        assert.match(ended.stderr, /secret/);
        assert.equal(ended.code, 1);
        chmodSync(project.path('secret'), 0o700);
        project.remove();
    });

    test('a state directory that is read-only: found out before anything is sent', async (t) => {
        const project = new Project(emulator).bind();
        project.script('train.py', 'print(1)\n');
        const before = emulator.exchanges().length;
        const state = join(project.stateFolder, 'aml');
        mkdirSync(state, { recursive: true });
        const ended = await asNobody(t, project, () => chmodSync(state, 0o555));
        if (ended === undefined) return;
        assert.ok(ended.stderr.includes(state), ended.stderr);
        assert.match(ended.stderr, /XDG_STATE_HOME/);
        assert.equal(ended.code, 1);
        const sent = emulator.exchanges().slice(before);
        assert.deepEqual(
            sent.filter(({ method }) => method === 'PUT'),
            [],
        );
        project.remove();
    });

    // A limit on the size of files fails a write the way a full disk does.
    test('a state directory that is full: no run without its journal entry', async () => {
        const project = new Project(emulator).bind();
        project.script('train.py', 'print(1)\n');
        const before = emulator.createdJobs().size;
        const limited = [
            '-c',
            'trap "" XFSZ; ulimit -f 0; exec "$0" run train.job.json',
            join(binaries, 'aml'),
        ];
        const options = { cwd: project.folder, env: project.environment };
        const { code, stderr } = await new Program('/bin/bash', limited, options).ended;
        assert.equal(code, 1, stderr);
        assert.ok(stderr.includes(`Cannot save ${join(project.stateFolder, 'aml', 'journal')}`), stderr);
        assert.equal(emulator.createdJobs().size, before);
        project.remove();
    });

    test('a script outside the code folder', () =>
        refused(
            (project) => {
                project.write('sub/other.py', '');
                return configured({ code: 'sub', command: 'python train.py' })(project);
            },
            [/train\.py/],
        ));

    test('a compute that does not exist', () =>
        refused(configured({ compute: 'azureml:no-such-cluster' }), [/no-such-cluster/]));

    test('a compute name that is impossible', () =>
        refused(configured({ compute: 'azureml:no blanks' }), [/:5:\d+: compute: .*no blanks/]));

    test('an environment name that is impossible', () =>
        refused(configured({ environment: 'azureml:no blanks:1' }), [/:8:\d+: environment: .*no blanks/]));

    test('an environment that does not exist', () =>
        refused(configured({ environment: 'azureml:no-such-environment:1' }), [/no-such-environment/]));

    test('an experiment name that is impossible', () =>
        refused(configured({ experiment_name: 'no blanks allowed' }), [/experiment_name/]));

    test('an impossible name given as an option', () =>
        refused((project) => [...configured({})(project), '--experiment', 'no blanks'], [/--experiment/]));

    test('no workspace at all', () =>
        refused(
            (project) => {
                rmSync(project.path('.azureml'), { recursive: true });
                return configured({})(project);
            },
            [/--workspace/],
        ));

    test('a workspace that does not exist', () =>
        refused(
            (project) => [...configured({})(project), '--workspace', 'nowhere'],
            [/nowhere/, new RegExp(emulator.ready.workspace)],
        ));

    test('a binding that is damaged', () =>
        refused(
            (project) => {
                project.write('.azureml/config.json', '{"subscription_id": ');
                return configured({})(project);
            },
            [/\.azureml\/config\.json/],
        ));

    test('a file that does not exist', () => refused(() => ['run', 'missing.py'], [/missing\.py/]));

    test('a run that does not exist', () =>
        refused(() => ['status', 'no_such_run'], [/no_such_run/, /aml jobs/]));

    test('a script that was never run', () =>
        refused(
            (project) => {
                project.write('new.py', '');
                return ['repeat', 'new.py'];
            },
            [/new\.py/, /aml run/],
        ));

    test('a file that is no script', () =>
        refused(
            (project) => {
                project.write('notes.txt', '');
                return ['run', 'notes.txt'];
            },
            [/notes\.txt/, /\.py/, /\.job\.json/],
        ));

    test('a file of something else than a job', () =>
        refused(
            (project) => {
                const $schema = 'https://azuremlschemas.azureedge.net/latest/environment.schema.json';
                project.write(
                    'environment.json',
                    JSON.stringify({ $schema, name: 'own', image: 'python:3.11' }),
                );
                return ['run', 'environment.json'];
            },
            [
                /^error: environment\.json:1:12: \$schema: This is an environment, not a job of Azure ML\. Create it with “az ml/,
            ],
        ));

    test('a folder in place of a script', () =>
        refused(
            (project) => {
                mkdirSync(project.path('scripts'));
                return ['run', 'scripts'];
            },
            [/scripts' is a folder/],
        ));

    test('a wrong client secret', () =>
        refused(configured({}), [/secret/i], { AZURE_CLIENT_SECRET: 'wrong' }));

    test('no credentials, and nobody to ask', () =>
        refused(configured({}), [/AZURE_CLIENT_SECRET|sign in/i], {
            AZURE_TENANT_ID: '',
            AZURE_CLIENT_ID: '',
            AZURE_CLIENT_SECRET: '',
        }));

    test('an endpoint that cannot be reached', () =>
        refused(configured({}), [/127\.0\.0\.1/], { AZUREML_ARM_ENDPOINT: closedPort }));

    // Nothing can be made below a device, not even by root.
    test('a state directory that cannot be made', () =>
        refused(configured({}), [/\/dev\/null/], { XDG_STATE_HOME: '/dev/null/state' }));

    test('a damaged state file is set aside, and the run goes on', async () => {
        project = new Project(emulator).bind();
        project.script('train.py', 'print(1)\n');
        const first = await project.aml(['run', 'train.py']);
        assert.equal(first.code, 0, first.stderr);
        const state = join(project.stateFolder, 'aml');
        const files = readdirSync(state).filter((name) => name.endsWith('.json'));
        assert.ok(files.length > 0);
        for (const file of files) writeFileSync(join(state, file), '{"version": 1, "entr');
        const second = await project.aml(['run', 'train.py']);
        assert.equal(second.code, 0, second.stderr);
        assert.match(second.stderr, /damaged/);
        assert.ok(readdirSync(state).some((name) => name.includes('.damaged-')));
        project.remove();
    });

    test('the emulator says when its port is in use', async () => {
        const server = createServer().listen(0, '127.0.0.1');
        await new Promise((resolve) => server.once('listening', resolve));
        const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
        const emulator = new Program(join(binaries, 'aml'), ['emulator', '--port', String(port)]);
        const { code, stderr, stdout } = await emulator.ended;
        server.close();
        assert.notEqual(code, 0);
        assert.equal(stdout, '');
        assert.match(stderr, new RegExp(`${port}`));
    });
});

describe('what Azure refuses', () => {
    /**
     * @param {unknown} rule
     * @param {readonly RegExp[]} messages
     */
    async function refusedByAzure(rule, messages) {
        const emulator = await Emulator.start({ faults: { rules: [rule] } });
        const project = new Project(emulator).bind();
        project.script('train.py', 'print(1)\n');
        const ended = await project.aml(['run', 'train.py']);
        for (const message of messages) assert.match(ended.stderr, message);
        assert.equal(ended.code, 1);
        assert.equal(emulator.createdJobs().size, 0);
        project.remove();
        await emulator.stop();
    }

    const putJob = { method: 'PUT', route: '**/jobs/*' };

    test('no permission', () =>
        refusedByAzure(
            {
                ...putJob,
                status: 403,
                body: {
                    error: {
                        code: 'AuthorizationFailed',
                        message:
                            "The client 'x' does not have authorization to perform action " +
                            "'Microsoft.MachineLearningServices/workspaces/jobs/write'.",
                    },
                },
            },
            [/authorization|permission/i, /jobs\/write/],
        ));

    test('a client secret that has expired', () =>
        refusedByAzure(
            {
                route: '**/oauth2/v2.0/token',
                status: 401,
                body: {
                    error: 'invalid_client',
                    error_description: 'AADSTS7000222: The provided client secret keys for app are expired.',
                    error_codes: [7000222],
                },
            },
            [/secret/i, /expired/i],
        ));

    test('a token that Azure does not accept any more, however often it is renewed', () =>
        refusedByAzure(
            {
                ...putJob,
                status: 401,
                headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
                body: {
                    error: {
                        code: 'ExpiredAuthenticationToken',
                        message: 'The access token has been revoked.',
                    },
                },
            },
            [/sign-in has expired/, /sign in again/i],
        ));

    test('an authority that cannot be reached', () =>
        refusedByAzure(
            {
                route: '/metadata/endpoints',
                status: 200,
                body: {
                    name: 'Nowhere',
                    authentication: {
                        loginEndpoint: closedPort,
                        audiences: ['http://127.0.0.1'],
                        tenant: 'common',
                    },
                    suffixes: { storage: 'localhost' },
                },
            },
            [/127\.0\.0\.1:1\b/],
        ));

    test('quota', () =>
        refusedByAzure(
            {
                ...putJob,
                status: 400,
                body: { error: { code: 'QuotaExceeded', message: 'The quota of this region is used up.' } },
            },
            [/quota/i],
        ));

    test('a workspace that is gone', () =>
        refusedByAzure(
            {
                ...putJob,
                status: 404,
                body: { error: { code: 'ResourceNotFound', message: "The workspace 'w' was not found." } },
            },
            [/not found/i],
        ));
});
