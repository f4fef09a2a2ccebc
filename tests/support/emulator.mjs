// @ts-check
// An emulator of one's own: free port, temporary state, every exchange recorded.

import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { systemPython } from './environments.mjs';
import { issuedBy, leaksBelow, secretsInRecord } from './leaks.mjs';
import { binaries, Program, until } from './processes.mjs';

/**
 * @typedef {object} ReadyLine
 * @property {string} armEndpoint
 * @property {string} authority
 * @property {string} studioUrl
 * @property {string} tenantId
 * @property {string} clientId
 * @property {string} clientSecret
 * @property {string} identityHeader
 * @property {string} subscriptionId
 * @property {string} resourceGroup
 * @property {string} workspace
 * @property {string} [caFile] with --tls: what has to be trusted
 */

/**
 * One line of the record.
 * @typedef {object} Exchange
 * @property {string} time
 * @property {string} method
 * @property {string} url
 * @property {Record<string, string>} [requestHeaders]
 * @property {any} requestBody
 * @property {number} status
 * @property {Record<string, string>} [responseHeaders]
 * @property {any} responseBody
 * @property {string} [fault] what the fault rule has done that made or spoilt this answer
 */

const oneCluster = { workspaces: [{ computes: [{ name: 'cpu-cluster' }] }] };

/**
 * @typedef {object} EmulatorOptions
 * @property {readonly string[]} [args] more flags
 * @property {unknown} [faults] the fault rules
 * @property {unknown} [seed] what there is from the start; a workspace with a cluster unless told
 * @property {'build' | 'system'} [environments]
 * @property {NodeJS.ProcessEnv} [env] changes to its environment
 * @property {boolean} [recorded] false where what recording costs must not be measured
 */

export class Emulator {
    /** @type {Program} */
    #program;
    /** @type {ReadyLine} */
    ready;
    /** @type {NodeJS.ProcessEnv} */
    #variables;
    /** Folders of users that have finished; looked through and removed in the end. @type {string[]} */
    #left = [];
    #stopped = false;
    /** What programs that have ended said. */
    #earlier = '';

    /** @param {EmulatorOptions} [options] */
    static async start(options = {}) {
        const emulator = new Emulator(options);
        await emulator.#launch('0');
        return emulator;
    }

    /** @param {EmulatorOptions} options */
    constructor(options) {
        this.folder = mkdtempSync(join(tmpdir(), 'aml-emulator-'));
        this.#variables = { ...process.env, ...options.env };
        this.recordFile = recordFile(this.folder);
        this.args = [
            '--state',
            join(this.folder, 'state'),
            ...(options.recorded === false ? [] : ['--record', this.recordFile]),
            ...(options.environments === 'build'
                ? ['--environments', 'build']
                : ['--environments', 'system', ...systemPython]),
            '--seed',
            this.#file('seed.json', { listIssued: 1, .../** @type {object} */ (options.seed ?? oneCluster) }),
            ...(options.args ?? []),
        ];
        if (options.faults !== undefined) {
            this.args.push('--faults', this.#file('faults.json', options.faults));
        }
    }

    /**
     * @param {string} name
     * @param {unknown} content
     */
    #file(name, content) {
        const file = join(this.folder, name);
        writeFileSync(file, JSON.stringify(content));
        return file;
    }

    /** @param {string} port */
    async #launch(port) {
        this.#program = new Program(join(binaries, 'aml'), ['emulator', '--port', port, ...this.args], {
            env: this.#variables,
        });
        const [line] = await this.#program.output(/^\{.*\}$/m);
        this.ready = JSON.parse(line);
    }

    /** What it has logged since it was last started. */
    get log() {
        return this.#program.stderr;
    }

    /** What a program needs to be signed in here. */
    get environment() {
        return {
            AZUREML_ARM_ENDPOINT: this.ready.armEndpoint,
            AZURE_TENANT_ID: this.ready.tenantId,
            AZURE_CLIENT_ID: this.ready.clientId,
            AZURE_CLIENT_SECRET: this.ready.clientSecret,
            ...(this.ready.caFile === undefined ? {} : { SSL_CERT_FILE: this.ready.caFile }),
        };
    }

    /** ARM id of the workspace there is from the start. */
    get workspaceId() {
        const { subscriptionId, resourceGroup, workspace } = this.ready;
        return (
            `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}` +
            `/providers/Microsoft.MachineLearningServices/workspaces/${workspace}`
        );
    }

    /** The contents of `.azureml/config.json` for that workspace. */
    get binding() {
        return {
            subscription_id: this.ready.subscriptionId,
            resource_group: this.ready.resourceGroup,
            workspace_name: this.ready.workspace,
        };
    }

    /**
     * Every exchange recorded so far.
     * @param {(exchange: Exchange) => boolean} [wanted]
     * @returns {Exchange[]}
     */
    exchanges(wanted = () => true) {
        if (!existsSync(this.recordFile)) return [];
        // A line that is being written has no newline yet; one that a kill cut off is no exchange.
        const lines = readFileSync(this.recordFile, 'utf8').split('\n').slice(0, -1);
        return lines
            .flatMap((line) => {
                try {
                    return [JSON.parse(line)];
                } catch {
                    return [];
                }
            })
            .filter(wanted);
    }

    /**
     * Waits until an exchange has been recorded.
     * @param {(exchange: Exchange) => boolean} wanted
     * @param {string} what
     */
    async exchanged(wanted, what) {
        return until(() => this.exchanges(wanted)[0], what);
    }

    /**
     * Waits until a fault of `delayMs` holds a request back.
     * @param {number} delayMs
     */
    async heldBack(delayMs) {
        await this.#program.output(new RegExp(`fault .* for .*, ${delayMs} ms`), 'stderr');
    }

    /** How often each kind of fault has fired, over all starts. */
    faults() {
        /** @type {Map<string, number>} */
        const counts = new Map();
        const said = this.#earlier + this.#program.stderr;
        for (const [, kind = ''] of said.matchAll(/ fault (.+?) for [A-Z]+ \//g)) {
            counts.set(kind, (counts.get(kind) ?? 0) + 1);
        }
        return counts;
    }

    /** From the next start on nothing goes wrong. */
    withoutFaults() {
        const at = this.args.indexOf('--faults');
        if (at >= 0) this.args.splice(at, 2);
    }

    /** The jobs that have been created, by name. */
    createdJobs() {
        const created = this.exchanges(
            ({ method, url, status }) =>
                method === 'PUT' && /\/jobs\/[^/?]+\?/i.test(url) && status >= 200 && status < 300,
        );
        return new Set(created.map(({ url }) => url.match(/\/jobs\/([^/?]+)\?/i)?.[1] ?? ''));
    }

    /**
     * Asks the emulator, as its own service principal.
     * @param {string} method
     * @param {string} path
     * @param {unknown} [body]
     */
    async arm(method, path, body) {
        // The services of a workspace have their version in their path.
        const version = path.startsWith('/subscriptions/')
            ? `${path.includes('?') ? '&' : '?'}api-version=2025-12-01`
            : '';
        const url = `${this.ready.armEndpoint}${path}${version}`;
        const headers = {
            authorization: `Bearer ${await this.#token()}`,
            'content-type': 'application/json',
        };
        const text = body === undefined ? '' : JSON.stringify(body);
        const answer = await this.#ask(method, url, headers, text);
        return { ...answer, body: answer.body === '' ? undefined : JSON.parse(answer.body) };
    }

    /** Leaves a file of a run, as what runs on a node does. @param {string} run @param {string} path @param {string | Buffer} content */
    async leaveFile(run, path, content) {
        const files = `/artifact/v2.0${this.workspaceId}/artifacts/ExperimentRun/dcid.${run}/content?path=${encodeURIComponent(path)}`;
        const headers = {
            authorization: `Bearer ${await this.#token()}`,
            'content-type': 'application/octet-stream',
        };
        const answer = await this.#ask('POST', `${this.ready.armEndpoint}${files}`, headers, content);
        if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.body}`);
    }

    async #token() {
        const form = new URLSearchParams({
            grant_type: 'client_credentials',
            client_id: this.ready.clientId,
            client_secret: this.ready.clientSecret,
            scope: `${this.ready.armEndpoint}/.default`,
        });
        const url = `${this.ready.authority}/${this.ready.tenantId}/oauth2/v2.0/token`;
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        const { body } = await this.#ask('POST', url, headers, form.toString());
        return JSON.parse(body).access_token;
    }

    /**
     * `fetch` would do, if it could be told whom to trust.
     * @param {string} method
     * @param {string} url
     * @param {Record<string, string>} headers
     * @param {string} body
     * @returns {Promise<{ status: number, body: string }>}
     */
    async #ask(method, url, headers, body) {
        const { caFile } = this.ready;
        const trust = caFile === undefined ? {} : { ca: readFileSync(caFile) };
        const { request } = caFile === undefined ? http : https;
        const asked = request(url, { method, headers, ...trust });
        asked.end(body);
        const [response] = await once(asked, 'response');
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        return { status: response.statusCode, body: text };
    }

    /** Kills it as a power cut would. */
    async kill() {
        await this.#program.kill('SIGKILL');
        this.#earlier += this.#program.stderr;
    }

    /** Starts it again on the same state and at the same address. */
    async restart() {
        await this.#launch(new URL(this.ready.armEndpoint).port);
    }

    /** Ends it and starts it again on the same state and another port. */
    async move() {
        const { port } = new URL(this.ready.armEndpoint);
        do {
            await this.#program.kill('SIGTERM');
            this.#earlier += this.#program.stderr;
            await this.#launch('0');
        } while (new URL(this.ready.armEndpoint).port === port);
    }

    /**
     * A user's folder that is not needed any more.
     * @param {string} folder
     */
    leave(folder) {
        this.#left.push(folder);
        if (this.#stopped) this.#removeFolders();
    }

    /** Ends it. Fails when what its users have left behind, or its own record, holds a token or secret. */
    async stop() {
        // One that was killed cannot say what it has given out.
        const secrets = await issuedBy(this).catch(() => []);
        // A job that still runs keeps the emulator's output open until its folder is gone.
        const { child } = this.#program;
        const exited = child.exitCode === null && child.signalCode === null && once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
        const leaks = this.#left.flatMap((folder) => leaksBelow(folder, secrets));
        for (const secret of secretsInRecord(this.recordFile, secrets))
            leaks.push(`${this.recordFile}: ${secret}`);
        this.#stopped = true;
        this.#removeFolders();
        if (leaks.length > 0) throw new Error(`Secrets were written down:\n${leaks.join('\n')}`);
    }

    #removeFolders() {
        for (const folder of [this.folder, ...this.#left]) rmSync(folder, { recursive: true, force: true });
    }
}

/**
 * Where an emulator records: with AML_RECORD_DIR in that folder, where the record outlives the test
 * and the suite `fidelity` finds it.
 * @param {string} folder the emulator's own
 */
export function recordFile(folder) {
    const shared = process.env['AML_RECORD_DIR'];
    if (!shared) return join(folder, 'record.jsonl');
    return join(shared, `${basename(process.argv[1] ?? 'test')}-${basename(folder)}.jsonl`);
}
