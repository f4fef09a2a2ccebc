// @ts-check
// Every way to sign in against the emulator, through the real programs.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { approve } from '../support/person.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

const guest = '6f0a1e0a-8a0e-4d6f-9a53-3f5b2d1c7a01';
const strict = '6f0a1e0a-8a0e-4d6f-9a53-3f5b2d1c7a02';
const closed = '6f0a1e0a-8a0e-4d6f-9a53-3f5b2d1c7a03';

const seed = {
    tenants: [
        { id: guest, displayName: 'Fabrikam' },
        { id: strict, displayName: 'Northwind', signIn: 'secondFactor' },
        { id: closed, displayName: 'Tailspin', signIn: 'blocked' },
    ],
    subscriptions: [
        { id: 'aaaaaaaa-0000-4000-8000-000000000001', displayName: 'Fabrikam Research', tenant: guest },
        { id: 'aaaaaaaa-0000-4000-8000-000000000002', displayName: 'Northwind Lab', tenant: strict },
    ],
    workspaces: [
        { computes: [{ name: 'cpu-cluster' }] },
        {
            name: 'guests',
            subscription: 'aaaaaaaa-0000-4000-8000-000000000001',
            computes: [{ name: 'cpu-cluster' }],
        },
    ],
};

describe('signing in', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;
    let programs = '';
    /** Nothing that signs in by itself. */
    let bare = /** @type {Record<string, string>} */ ({});

    before(async () => {
        emulator = await Emulator.start({ seed });
        project = new Project(emulator);
        // Not among the user's files, which are searched for what this holds.
        programs = mkdtempSync(join(tmpdir(), 'aml-programs-'));
        bare = {
            AZURE_CLIENT_SECRET: '',
            PATH: `${programs}:/usr/bin:/bin`,
            AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:1',
        };
    });
    after(async () => {
        rmSync(programs, { recursive: true, force: true });
        project.remove();
        await emulator.stop();
    });

    /** @param {string} method @param {string} path @param {unknown} body */
    const graph = async (method, path, body) => {
        const { status } = await emulator.arm(method, path, body);
        assert.ok(status < 300, `${path}: ${status}`);
    };

    test('a certificate that is registered signs in, another one is told apart', async () => {
        for (const name of ['app', 'other']) {
            execFileSync('openssl', [
                'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=aml',
                '-keyout', project.path(`${name}.key`), '-out', project.path(`${name}.crt`),
            ], { stdio: 'ignore' });
            project.write(`${name}.pem`, project.read(`${name}.key`) + project.read(`${name}.crt`));
        }
        const key = project.read('app.crt').replace(/-----[A-Z ]+-----|\s/g, '');
        await graph('PATCH', `/v1.0/applications/${emulator.ready.clientId}`, {
            keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key }],
        });
        const environment = { ...bare, AZURE_CLIENT_CERTIFICATE_PATH: project.path('app.pem') };
        const login = await project.json(['login'], environment);
        assert.equal(login.code, 0, login.stderr);
        assert.equal(login.values[0].application, true);

        const wrong = await project.aml(['login'], {
            ...environment,
            AZURE_CLIENT_CERTIFICATE_PATH: project.path('other.pem'),
        });
        assert.equal(wrong.code, 1);
        assert.match(wrong.stderr, /certificate is not registered with the application/i);
        const none = await project.aml(['login'], {
            ...environment,
            AZURE_CLIENT_CERTIFICATE_PATH: project.path('none.pem'),
        });
        assert.match(none.stderr, /none\.pem cannot be read/);
    });

    test('a federated token from a file signs in, one for another subject does not', async () => {
        const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        await graph('POST', `/v1.0/applications/${emulator.ready.clientId}/federatedIdentityCredentials`, {
            name: 'ci',
            issuer: 'https://issuer.example',
            subject: 'repo:me/it:ref:main',
            audiences: ['api://AzureADTokenExchange'],
            publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
        });
        const token = (/** @type {string} */ sub) => {
            const now = Math.floor(Date.now() / 1000);
            const part = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url');
            const text = `${part({ alg: 'RS256', typ: 'JWT', kid: '1' })}.${part({
                iss: 'https://issuer.example', sub, aud: 'api://AzureADTokenExchange', nbf: now, exp: now + 600,
            })}`;
            return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
        };
        project.write('token', `${token('repo:me/it:ref:main')}\n`);
        const environment = { ...bare, AZURE_FEDERATED_TOKEN_FILE: project.path('token') };
        const login = await project.json(['login'], environment);
        assert.equal(login.code, 0, login.stderr);
        project.write('token', token('repo:somebody/else'));
        const wrong = await project.aml(['login'], environment);
        assert.match(wrong.stderr, /no federated credential for this token's subject/);
    });

    test('the machine\'s identity signs in as App Service, Azure ML and a virtual machine give it', async () => {
        const { armEndpoint, identityHeader } = emulator.ready;
        const forms = [
            { IDENTITY_ENDPOINT: `${armEndpoint}/msi/token`, IDENTITY_HEADER: identityHeader },
            { MSI_ENDPOINT: `${armEndpoint}/msi/token`, MSI_SECRET: identityHeader },
            { AZURE_POD_IDENTITY_AUTHORITY_HOST: armEndpoint },
        ];
        for (const form of forms) {
            const environment = { ...bare, AZURE_CLIENT_ID: '', ...form };
            const login = await project.json(['login'], environment);
            assert.equal(login.code, 0, login.stderr);
            assert.equal(login.values[0].account, 'aml-demo-machine');
            assert.equal(login.values[0].method, 'the managed identity of this machine');
            assert.match(login.values[0].passedOver.join('\n'), /AZURE_CLIENT_ID is not set[^]*there is no az in PATH/);
        }
        const wrong = await project.aml(['login'], {
            ...bare, ...forms[0], AZUREML_AUTH: 'managedIdentity', AZURE_CLIENT_ID: '', IDENTITY_HEADER: 'x',
        });
        assert.match(wrong.stderr, /identity service of App Service gave no token/);
    });

    /** An `az` that is signed in as the person of the emulator. */
    const installCli = async () => {
        const { authority, tenantId } = emulator.ready;
        const client = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
        const post = async (/** @type {string} */ path, /** @type {Record<string, string>} */ form) => {
            const response = await fetch(`${authority}/${tenantId}/oauth2/v2.0/${path}`, {
                method: 'POST', body: new URLSearchParams({ client_id: client, ...form }),
            });
            return /** @type {any} */ (await response.json());
        };
        const scope = `${authority}/.default offline_access`;
        const code = await post('devicecode', { scope });
        await approve(emulator, code.user_code);
        const { refresh_token: refresh } = await post('token', {
            grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: code.device_code,
        });
        // As the real one: a token of the wanted tenant, in its own form; what goes wrong on standard error.
        const script = `#!${process.execPath}
const value = (name) => { const at = process.argv.indexOf(name); return at < 0 ? undefined : process.argv[at + 1]; };
const tenant = value('--tenant') ?? '${tenantId}';
const body = new URLSearchParams({ client_id: '${client}', grant_type: 'refresh_token',
    refresh_token: ${JSON.stringify(refresh)}, scope: value('--scope') });
fetch('${authority}/' + tenant + '/oauth2/v2.0/token', { method: 'POST', body }).then(async (response) => {
    const answer = await response.json();
    if (!response.ok) { console.error('ERROR: ' + answer.error_description); process.exit(1); }
    const expires = Math.floor(Date.now() / 1000) + answer.expires_in;
    console.log(JSON.stringify({ accessToken: answer.access_token, expiresOn: '2026-01-31 12:34:56.000000',
        expires_on: expires, tenant, tokenType: 'Bearer' }, null, 2));
});
`;
        writeFileSync(join(programs, 'az'), script);
        chmodSync(join(programs, 'az'), 0o755);
    };

    test('the Azure CLI lends its sign-in; every tenant is shown, a failing one with its reason', async () => {
        await installCli();
        const environment = { ...project.environment, ...bare, AZURE_TENANT_ID: '', AZURE_CLIENT_ID: '' };
        const login = await project.json(['login'], environment);
        assert.equal(login.code, 0, login.stderr);
        assert.equal(login.values[0].method, 'the Azure CLI');

        const client = new LanguageClient({ env: environment, cwd: project.folder });
        client.on('window/showDocument', () => ({ success: true }));
        await client.initialize({ auth: 'azureCli', stateDirectory: join(project.base, 'editor') });
        const top = async () => (await client.request('tree/children', {})).nodes;
        const rows = await top();
        const labels = rows.map((/** @type {any} */ row) => row.label);
        assert.deepEqual(labels, ['Demo Subscription', 'Fabrikam Research', 'Northwind', 'Tailspin']);
        const [, fabrikam, northwind, tailspin] = rows;
        assert.equal(fabrikam.description, 'Fabrikam');
        assert.equal(northwind.contextValue, 'problem');
        assert.match(northwind.description, /AADSTS50076|multi-factor/);
        assert.equal(northwind.command.command, 'azureml.signIn');
        assert.match(tailspin.description, /Conditional Access/);
        // What belongs to a guest tenant is asked for with a token of that tenant.
        const workspaces = (await client.request('tree/children', { id: fabrikam.id })).nodes;
        assert.deepEqual(workspaces.map((/** @type {any} */ row) => row.label), ['guests']);

        client.on('ui/pick', ({ items }) => ({
            kind: 'picked',
            ids: items.filter((/** @type {any} */ item) => item.label !== 'Demo Subscription').map((/** @type {any} */ item) => item.id),
        }));
        await client.request('workspace/executeCommand', { command: 'azureml.selectSubscriptions' });
        const chosen = (await top()).map((/** @type {any} */ row) => row.label);
        assert.deepEqual(chosen, ['Fabrikam Research', 'Northwind', 'Tailspin', '1 of 2 subscriptions shown']);
        await client.shutDown();

        const again = new LanguageClient({ env: environment, cwd: project.folder });
        await again.initialize({ auth: 'azureCli', stateDirectory: join(project.base, 'editor') });
        await again.request('workspace/executeCommand', { command: 'azureml.refresh' });
        const kept = (await again.request('tree/children', {})).nodes;
        assert.ok(kept.every((/** @type {any} */ row) => row.label !== 'Demo Subscription'));
        await again.shutDown();
    });

    test('a run in a guest tenant is submitted and followed by whoever has not listed the tenants', async () => {
        await installCli();
        const environment = { ...bare, AZURE_TENANT_ID: '', AZURE_CLIENT_ID: '' };
        const bound = new Project(emulator);
        const { resourceGroup } = emulator.ready;
        bound.write('.azureml/config.json', JSON.stringify({
            subscription_id: 'aaaaaaaa-0000-4000-8000-000000000001',
            resource_group: resourceGroup,
            workspace_name: 'guests',
        }));
        bound.script('train.py', 'print("in the guest tenant")\n');
        const run = await bound.json(['run', 'train.job.json', '--follow'], environment);
        assert.equal(run.code, 0, run.stderr);
        const [{ studioUrl }] = run.values;
        assert.equal(new URL(studioUrl).searchParams.get('tid'), guest);
        const { name } = run.values[0];
        const status = await bound.json(['status', name], environment);
        assert.equal(status.values[0].status, 'Completed', status.stderr);
        bound.remove();
    });

    test('a device-code sign-in is kept in the editor\'s secret storage until someone signs out', async () => {
        const environment = { ...project.environment, ...bare, AZURE_TENANT_ID: '', AZURE_CLIENT_ID: '' };
        /** @type {Map<string, string>} */
        const secrets = new Map();
        const open = async () => {
            const client = new LanguageClient({ env: environment, cwd: project.folder });
            client.on('auth/readSecret', ({ key }) => (secrets.has(key) ? { value: secrets.get(key) } : {}));
            client.on('auth/storeSecret', ({ key, value }) => {
                if (value === undefined) secrets.delete(key);
                else secrets.set(key, value);
                return null;
            });
            client.on('window/showMessageRequest', async ({ message }) => {
                const code = message.match(/code ([A-Z0-9]{9})/)?.[1];
                if (code) await approve(emulator, code);
                return null;
            });
            await client.initialize({ auth: 'deviceCode', stateDirectory: join(project.base, 'device') });
            return client;
        };
        const execute = (/** @type {LanguageClient} */ client, /** @type {string} */ command) =>
            client.request('workspace/executeCommand', { command });

        const first = await open();
        const info = await execute(first, 'azureml.signIn');
        assert.equal(info.state, 'signedIn');
        await first.asked('auth/storeSecret');
        assert.equal(secrets.size, 1);
        await first.shutDown();

        const second = await open();
        const { nodes } = await second.request('tree/children', {});
        assert.equal(nodes[0].label, 'Demo Subscription');
        assert.ok(second.requests.every(({ method }) => method !== 'window/showMessageRequest'));
        await execute(second, 'azureml.signOut');
        await second.asked('auth/storeSecret', ({ value }) => value === undefined);
        await second.shutDown();
        assert.equal(secrets.size, 0);
    });

    test('auto explains itself when nothing works', async () => {
        const failed = await project.aml(['jobs'], { ...bare, AZURE_TENANT_ID: '', PATH: '/nowhere' });
        assert.equal(failed.code, 1);
        assert.match(
            failed.stderr,
            /service principal[^;]*AZURE_TENANT_ID is not set; the editor's[^;]*; the Azure CLI: [^;]*no az in PATH; the managed identity[^;]*no managed identity[^]*a code/,
        );
        const unknown = await project.aml(['login'], { AZUREML_AUTH: 'magic' });
        assert.match(unknown.stderr, /AZUREML_AUTH has the unknown value "magic"; use auto/);
    });
});

describe('an organisation that asks for more before anything is changed', () => {
    test('the claims challenge is answered once and the change goes through', async () => {
        const emulator = await Emulator.start({
            seed: { requireContext: 'p1', workspaces: [{ computes: [{ name: 'cpu-cluster' }] }] },
            args: ['--node-start', '0'],
        });
        const project = new Project(emulator).bind();
        try {
            project.script('train.py', 'print("hello")\n');
            const run = await project.json(['run', 'train.py', '--follow']);
            assert.equal(run.code, 0, run.stderr);
            const refused = emulator.exchanges(({ status }) => status === 401);
            assert.ok(refused.length > 0, 'the emulator has asked for nothing');
            const puts = emulator.exchanges(({ method, status }) => method === 'PUT' && status < 300);
            assert.ok(puts.length > 0);
        } finally {
            project.remove();
            await emulator.stop();
        }
    });
});
