// @ts-check
// One `aml serve`, which is killed and started again on the same state, as an editor's window is.

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
     * The run of a submission that was cut off, if the window has told that there is one. Waits a
     * little for it to find out, as somebody does who reads what it says before trying again.
     * @param {string} name
     * @returns {Promise<any>}
     */
    async recovered(name) {
        const deadline = Date.now() + 10_000;
        while (this.#isJournalled(name) && Date.now() < deadline) {
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        const now = this.#client.notifications
            .filter(({ method }) => method === 'window/showMessage')
            .map(({ params }) => params.message);
        const said = `${name} was submitted although`;
        if (![...this.messages, ...now].some((message) => message.startsWith(said))) return undefined;
        return (await this.runs()).find(({ displayName }) => displayName === name);
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

    /** @param {LanguageClient} client */
    #keep(client) {
        for (const { method, params } of client.notifications) {
            if (method === 'runs/didChange') this.snapshots.push(...params.runs);
            if (method === 'window/showMessage') this.messages.push(params.message);
        }
        this.retries += client.program.stderr.match(/ attempt=[2-9] /g)?.length ?? 0;
    }
}
