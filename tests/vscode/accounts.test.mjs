// @ts-check
// The editor's own Microsoft account: signed in, tenants that refuse it, a claims challenge, signed out.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { approve } from '../support/person.mjs';
import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';

/** @typedef {import('../support/emulator.mjs').Emulator} Emulator */

const strict = '6f0a1e0a-8a0e-4d6f-9a53-3f5b2d1c7a02';
const closed = '6f0a1e0a-8a0e-4d6f-9a53-3f5b2d1c7a03';
const client = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

const onStage = stage({
    emulator: {
        seed: {
            tenants: [
                { id: strict, displayName: 'Northwind', signIn: 'secondFactor' },
                { id: closed, displayName: 'Tailspin', signIn: 'blocked' },
            ],
            requireContext: 'p1',
            workspaces: [{ computes: [{ name: 'cpu-cluster' }] }],
        },
    },
    editor: (emulator) => ({
        extensions: ['microsoft'],
        settings: { 'azureml.auth': 'editor' },
        env: { TEST_MICROSOFT: path.join(emulator.folder, 'microsoft.json') },
    }),
});

onStage("with the editor's Microsoft account", async (scene) => {
    const { emulator } = scene.stage;
    const log = await keepAccount(emulator);
    const asked = () =>
        fs.existsSync(log)
            ? fs
                  .readFileSync(log, 'utf8')
                  .trim()
                  .split('\n')
                  .map((line) => JSON.parse(line))
            : [];
    const project = new Project(emulator).bind().script('train.py', 'print("trained")\n');
    const workbench = await scene.window(project.folder);
    await scene.step('sign in', async () => {
        await workbench.openSidebar();
        assert.deepEqual(asked(), [], 'nobody is asked at the start');
        await workbench.welcomeButton('Sign in').click();
        await workbench.page.locator('.monaco-dialog-box', { hasText: 'Microsoft' }).waitFor();
        await workbench.picture('accounts 01 consent');
        await workbench.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Allow' }).click();
        await workbench.treeRow('Demo Subscription').waitFor();
    });
    await scene.step('a tenant that refuses says why on its own row', async () => {
        await workbench.widenSidebar(120);
        await workbench.treeRow(/^Northwind.*second factor/).waitFor();
        await workbench.treeRow(/^Tailspin.*conditional access/).waitFor();
        await workbench.treeRow('Tailspin').hover();
        await workbench.page.locator('.workbench-hover', { hasText: 'conditional access' }).first().waitFor();
        await workbench.picture('accounts 02 tenants');
        await workbench.treeRow('Tailspin').click({ button: 'right' });
        await workbench.menuItem('Copy diagnostics').hover();
        await workbench.picture('accounts 03 copy diagnostics');
        await workbench.chooseMenuItem('Copy diagnostics');
        await workbench.notification('The diagnostics are on the clipboard').waitFor();
        const copied = await workbench.page.evaluate(() => navigator.clipboard.readText());
        assert.match(copied, /Tailspin[^]*conditional access/);
        const tenants = asked()
            .flatMap(({ scopes }) => scopes)
            .filter((scope) => scope.startsWith('VSCODE_TENANT:'));
        assert.ok(tenants.includes(`VSCODE_TENANT:${strict}`) && tenants.includes(`VSCODE_TENANT:${closed}`));
    });
    await scene.step('a claims challenge is answered and the run is made', async () => {
        await workbench.openFile('train.job.json');
        await workbench.lens('Submit Experiment').click();
        await workbench.notification('was submitted').waitFor();
        const claims = asked().find(({ claims }) => claims !== undefined)?.claims;
        assert.match(claims ?? '', /"acrs"[^]*"p1"/);
    });
    await scene.step('signed out of the account, signed out here', async () => {
        await workbench.runCommand('Test: Sign out of Microsoft');
        await workbench.openSidebar();
        await workbench.welcomeButton('Sign in').waitFor();
    });
});

/** Lets the emulator's person be the editor's. @param {Emulator} emulator @returns the file with what is asked of it */
async function keepAccount(emulator) {
    const { authority, tenantId } = emulator.ready;
    /** @param {string} route @param {Record<string, string>} form @returns {Promise<any>} */
    const post = async (route, form) => {
        const body = new URLSearchParams({ client_id: client, ...form });
        return (
            await fetch(`${authority}/${tenantId}/oauth2/v2.0/${route}`, { method: 'POST', body })
        ).json();
    };
    const code = await post('devicecode', { scope: `${authority}/.default offline_access` });
    await approve(emulator, code.user_code);
    const { refresh_token: refreshToken } = await post('token', {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: code.device_code,
    });
    const log = path.join(emulator.folder, 'microsoft.log');
    const account = { authority, client, tenant: tenantId, refreshToken, log };
    fs.writeFileSync(path.join(emulator.folder, 'microsoft.json'), JSON.stringify(account));
    return log;
}
