// @ts-check
// An emulator that speaks HTTPS, and the clients pointed at it as their documents say: by environment variables.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Emulator } from '../support/emulator.mjs';
import { root } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { javaScriptClients, pythonClients } from './install.mjs';
import { NameProxy } from './name_proxy.mjs';
import { Client } from './program.mjs';

export class World {
    /** @type {Client[]} */
    #clients = [];
    /** @type {Project[]} */
    #projects = [];

    /**
     * Jobs reach storage accounts by their names, as the clients do.
     * @param {import('../support/emulator.mjs').EmulatorOptions & { tls?: boolean }} [options] HTTPS unless told
     */
    static async start({ tls = true, ...options } = {}) {
        const args = [...(tls ? ['--tls'] : []), '--node-start', '50', ...(options.args ?? [])];
        const proxy = await NameProxy.start();
        const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1', ...options.env };
        return new World(await Emulator.start({ ...options, args, env }), proxy);
    }

    /**
     * @param {Emulator} emulator
     * @param {NameProxy} proxy
     */
    constructor(emulator, proxy) {
        this.emulator = emulator;
        this.proxy = proxy;
        this.folder = mkdtempSync(join(tmpdir(), 'aml-clients-'));
    }

    get environment() {
        const { ready } = this.emulator;
        const trusted = ready.caFile ?? '';
        return {
            AZURE_TENANT_ID: ready.tenantId,
            AZURE_CLIENT_ID: ready.clientId,
            AZURE_CLIENT_SECRET: ready.clientSecret,
            AZURE_AUTHORITY_HOST: ready.authority,
            ARM_ENDPOINT: ready.armEndpoint,
            ARM_CLOUD_METADATA_URL: `${ready.armEndpoint}/metadata/endpoints?api-version=2019-05-01`,
            SUBSCRIPTION_ID: ready.subscriptionId,
            RESOURCE_GROUP: ready.resourceGroup,
            WORKSPACE: ready.workspace,
            NODE_EXTRA_CA_CERTS: trusted,
            SSL_CERT_FILE: trusted,
            REQUESTS_CA_BUNDLE: trusted,
            CURL_CA_BUNDLE: trusted,
            HTTPS_PROXY: this.proxy.url,
            HTTP_PROXY: this.proxy.url,
            NO_PROXY: '',
            HOME: this.folder,
        };
    }

    /**
     * @param {'azure-ai-ml' | 'mlflow'} name
     * @param {string} script
     * @param {Record<string, string>} [environment]
     */
    python(name, script, environment = {}) {
        return this.#started([pythonClients(name)], script, environment);
    }

    /** @param {string} script */
    javaScript(script) {
        return this.#started([process.execPath], script, { CLIENTS: javaScriptClients() });
    }

    /**
     * @param {readonly string[]} command
     * @param {string} script
     * @param {Record<string, string>} environment
     */
    #started(command, script, environment) {
        const client = new Client(command, script, { ...this.environment, ...environment });
        this.#clients.push(client);
        return client;
    }

    /**
     * Runs a script of tests/clients/jobs as a job that aml submits, with the interpreter of a client.
     * @param {import('./install.mjs').PythonClient} client
     * @param {string} script
     * @param {Record<string, string>} [variables]
     */
    async job(client, script, variables = {}) {
        const project = this.project();
        project.script('train.py', readFileSync(join(root, 'tests/clients/jobs', script), 'utf8'), {
            command: `${pythonClients(client)} train.py`,
            environment_variables: variables,
        });
        const ended = await project.json(['run', 'train.py', '--follow']);
        const log = ended.values.flatMap(({ event, text }) => (event === 'log' ? [text] : [])).join('');
        return { code: ended.code, log: `${log}\n${ended.stderr}`, finished: ended.values.at(-1) };
    }

    /**
     * The last line of a job's log, which such a script ends with.
     * @param {string} log
     * @returns {Record<string, any>}
     */
    static answers(log) {
        const line = log.split('\n').findLast((text) => text.startsWith('{"'));
        if (line === undefined) throw new Error(`The script has not come to its end:\n${log}`);
        return JSON.parse(line);
    }

    /** A user's folder bound to the workspace. @param {Record<string, string>} [files] */
    project(files = {}) {
        const project = new Project(this.emulator, files).bind();
        this.#projects.push(project);
        return project;
    }

    async stop() {
        for (const client of this.#clients) await client.end();
        for (const project of this.#projects) project.remove();
        this.proxy.stop();
        await this.emulator.stop();
        rmSync(this.folder, { recursive: true, force: true });
    }
}
