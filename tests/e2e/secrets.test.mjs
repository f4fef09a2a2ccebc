// @ts-check
// No token and no secret is written anywhere: not into logs, records, traces, state, arguments, or what a crash leaves.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { issuedBy, leaksBelow, secretsIn, secretsInFile, secretsInRecord } from '../support/leaks.mjs';
import { approve } from '../support/person.mjs';
import { binaries, killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

describe('secrets', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;
    /** What the programs printed and were started with. @type {string[]} */
    const said = [];

    before(async () => {
        emulator = await Emulator.start({
            seed: { listIssued: 1, workspaces: [{ computes: [{ name: 'cpu-cluster' }] }] },
            args: ['--node-start', '0', '--debug'],
            // The second request of a kind meets an expired token.
            faults: { rules: [{ route: '/subscriptions', status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' }, times: 1 }] },
        });
        project = new Project(emulator).bind();
        project.script('train.py', 'print("hello")\n');
        mkdirSync(join(project.base, 'written'));
    });
    after(async () => {
        project?.remove();
        await emulator?.stop();
    });

    /** The server with every log there is. @param {string} name @param {NodeJS.ProcessEnv} environment */
    const serve = (name, environment) => {
        const file = (/** @type {string} */ kind) => join(project.base, 'written', `${name}.${kind}`);
        return new LanguageClient({
            command: [
                join(binaries, 'aml'), 'serve', '--stdio', '--log-file', file('log'), '--log-level', 'debug',
                '--record', file('transcript'),
            ],
            env: { ...environment, AML_TRACE: file('trace.json') },
            cwd: project.folder,
        });
    };

    /** @param {LanguageClient} client */
    const work = async (client) => {
        const execute = (/** @type {string} */ command, /** @type {unknown[]} */ ...args) =>
            client.request('workspace/executeCommand', { command, arguments: args });
        await execute('azureml.signIn');
        const { nodes } = await client.request('tree/children', {});
        await client.request('tree/children', { id: nodes[0].id });
        await execute('azureml.submit', pathToFileURL(project.path('train.job.json')).href);
        const { runs } = await client.notified('runs/didChange', ({ runs }) =>
            runs.some((/** @type {any} */ run) => run.isFinal),
        );
        await client.request('runs/log', { id: runs[0].id, offset: 0 });
        await execute('azureml.doctor');
    };

    test('nothing is written by a service principal, a person with a code, and the terminal', async () => {
        const principal = serve('principal', project.environment);
        principal.on('window/showDocument', () => ({ success: true }));
        await principal.initialize({ stateDirectory: join(project.base, 'written', 'principal') });
        await work(principal);
        // What other users of the machine can read.
        said.push(readFileSync(`/proc/${principal.program.child.pid}/cmdline`, 'utf8'));
        said.push((await principal.shutDown()).stderr);

        const person = serve('person', { ...project.environment, AZURE_CLIENT_SECRET: '', AZURE_TENANT_ID: '' });
        person.on('window/showDocument', () => ({ success: true }));
        person.on('window/showMessageRequest', async ({ message }) => {
            const code = message.match(/code ([A-Z0-9]{9})/)?.[1];
            if (code) await approve(emulator, code);
            return null;
        });
        await person.initialize({ auth: 'deviceCode', stateDirectory: join(project.base, 'written', 'person') });
        await work(person);
        // A crash: whatever it leaves is looked through with the rest.
        said.push((await person.program.kill('SIGABRT')).stderr);

        const ended = await project.aml(['run', 'train.py', '--follow', '--verbose']);
        assert.equal(ended.code, 0, ended.stderr);
        said.push(ended.stdout, ended.stderr);
        const wrong = await project.aml(['login', '--verbose'], { AZURE_CLIENT_SECRET: 'wrong-secret-of-somebody' });
        said.push(wrong.stdout, wrong.stderr);

        const secrets = [...(await issuedBy(emulator)), 'wrong-secret-of-somebody'];
        // The test has something to look for: tokens, a refresh token, a device code, signatures of uploads.
        assert.ok(secrets.filter((secret) => secret.startsWith('eyJ')).length >= 3);
        assert.ok(secrets.some((secret) => secret.startsWith('1.A')) && secrets.some((secret) => secret.startsWith('D')));
        const written = readdirSync(join(project.base, 'written'), { recursive: true }).map(String);
        for (const kind of ['log', 'transcript', 'trace.json']) {
            for (const name of ['principal', 'person']) assert.ok(written.includes(`${name}.${kind}`), `${name}.${kind}`);
        }
        assert.deepEqual(leaksBelow(project.base, secrets), []);
        assert.deepEqual(secretsInRecord(emulator.recordFile, secrets), []);
        assert.deepEqual(said.flatMap((text) => secretsIn(text, secrets)), []);
    });

    test('the search finds what it is meant to find', async () => {
        const [token] = await issuedBy(emulator);
        assert.ok(token !== undefined);
        assert.equal(secretsIn(`Bearer ${token}`, [token]).length > 0, true);
        // Wherever chunks of a file meet.
        const file = join(project.base, 'large.txt');
        for (const before of [0, 1, 4000, 5000, 8190]) {
            writeFileSync(file, `${'.'.repeat(before)}Bearer ${token}${'.'.repeat(9000)}`);
            assert.ok(secretsInFile(file, [token], 4096).length > 0, `${before}`);
        }
        writeFileSync(file, '.'.repeat(20_000));
        assert.deepEqual(secretsInFile(file, [token], 4096), []);
        rmSync(file);
    });
});
