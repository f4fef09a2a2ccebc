// @ts-check
// An emulator that speaks HTTPS, and the clients pointed at it as their documents say: by environment variables.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Emulator } from '../support/emulator.mjs';
import { Project } from '../support/project.mjs';
import { javaScriptClients, pythonClients } from './install.mjs';
import { NameProxy } from './name_proxy.mjs';
import { Client } from './program.mjs';

export class World {
    /** @type {Client[]} */
    #clients = [];
    /** @type {Project[]} */
    #projects = [];

    /** @param {import('../support/emulator.mjs').EmulatorOptions} [options] */
    static async start(options = {}) {
        const args = ['--tls', '--node-start', '50', ...(options.args ?? [])];
        return new World(await Emulator.start({ ...options, args }), await NameProxy.start());
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
