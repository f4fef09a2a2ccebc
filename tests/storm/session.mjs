// @ts-check
// One `aml serve`, which is killed and started again on the same state, as an editor's window is.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { LanguageClient, ResponseError } from '../support/language_client.mjs';

/** @typedef {import('./submission.mjs').Submission} Submission */
/** @typedef {import('../support/project.mjs').Project} Project */

export class Session {
    /** @type {LanguageClient} */
    #client;
    /** Every snapshot of a run that any incarnation told. @type {any[]} */
    snapshots = [];
    /** Sentences it told the user. @type {string[]} */
    messages = [];
    kills = 0;
    retries = 0;

    /**
     * @param {Project} project
     * @param {string} stateFolder
     */
    constructor(project, stateFolder) {
        this.project = project;
        this.stateFolder = stateFolder;
    }

    async start() {
        const client = new LanguageClient({ env: this.project.environment });
        client.on('window/showMessageRequest', ({ message, actions = [] }) => {
            const titles = actions.map((/** @type {{ title: string }} */ { title }) => title);
            this.messages.push(message);
            return titles.includes('Cancel run') ? { title: 'Cancel run' } : null;
        });
        await client.initialize({ stateDirectory: this.stateFolder, auth: 'servicePrincipal' });
        this.#client = client;
    }

    /** Kills it as the system would, and starts another on the same state. */
    async crash() {
        const dying = this.#client;
        this.kills += 1;
        await dying.program.kill('SIGKILL');
        this.#keep(dying);
        await this.start();
    }

    /** Ends it in the orderly way. @returns {Promise<number | null>} the exit code */
    async end() {
        const { code } = await this.#client.shutDown();
        this.#keep(this.#client);
        return code;
    }

    /** What the present one knows of the runs it follows. @returns {Promise<any[]>} */
    async runs() {
        return (await this.#client.request('runs/list', {})).runs;
    }

    /**
     * The run of a submission that was cut off, if a window has told that there is one. The patient
     * wait for it to find out; the others have read only what it has said already.
     * @param {string} name
     * @param {{ patient: boolean }} reader
     * @returns {Promise<any>}
     */
    async recovered(name, { patient }) {
        const deadline = Date.now() + (patient ? 60_000 : 0);
        while (this.#isJournalled(name) && Date.now() < deadline) {
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        const { snapshots, messages } = this.#told(this.#client);
        const said = `${name} was submitted although`;
        if (![...this.messages, ...messages].some((message) => message.startsWith(said))) return undefined;
        const run = [...this.snapshots, ...snapshots].find(({ displayName }) => displayName === name);
        assert.ok(run, `${name} was said to be submitted, and is not among the runs`);
        return run;
    }

    /** Whether a submission is open in the journal. @param {string} name */
    #isJournalled(name) {
        const folder = join(this.stateFolder, 'journal');
        if (!existsSync(folder)) return false;
        return readdirSync(folder).some((file) => {
            try {
                return readFileSync(join(folder, file), 'utf8').includes(`"${name}"`);
            } catch {
                // It was settled meanwhile.
                return false;
            }
        });
    }

    /**
     * Submits once.
     * @param {Submission} submission
     * @returns {Promise<{ run: any } | { error: ResponseError } | { lost: true }>}
     */
    async submit({ uri }) {
        return this.#command('azureml.submit', uri);
    }

    /** Cancels a run, as the tree's menu does. @param {string} nodeId */
    async cancel(nodeId) {
        return this.#command('azureml.run.cancel', nodeId);
    }

    /** @param {string} command @param {string} argument */
    async #command(command, argument) {
        try {
            const params = { command, arguments: [argument] };
            return { run: await this.#client.request('workspace/executeCommand', params) };
        } catch (error) {
            // A server that is killed answers nothing.
            return error instanceof ResponseError ? { error } : { lost: /** @type {const} */ (true) };
        }
    }

    /** What a client was told unasked. @param {LanguageClient} client */
    #told({ notifications }) {
        const of = (/** @type {string} */ wanted) =>
            notifications.filter(({ method }) => method === wanted).map(({ params }) => params);
        return {
            snapshots: of('runs/didChange').flatMap(({ runs }) => runs),
            messages: of('window/showMessage').map(({ message }) => message),
        };
    }

    /** @param {LanguageClient} client */
    #keep(client) {
        const { snapshots, messages } = this.#told(client);
        this.snapshots.push(...snapshots);
        this.messages.push(...messages);
        this.retries += client.program.stderr.match(/ attempt=[2-9] /g)?.length ?? 0;
    }
}
