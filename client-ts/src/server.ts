import * as vscode from 'vscode';
import { ErrorCodes, ResponseError, type LanguageClient } from 'vscode-languageclient/node';
import { deferred } from './model/deferred';
import { RestartPolicy } from './model/restartPolicy';
import { ServerProcess, type Launch } from './serverProcess';
import { closeQuestions } from './ui/question';

/** How the server is; `stopped` is for good, with the error that says why. */
export type Health = { kind: 'starting' } | { kind: 'running' } | { kind: 'stopped'; error: Error };

/** Who uses the server. */
export interface ServerUser {
    /** Says how to start the next process. Throws an Error with a message for the user when it cannot be. */
    readonly prepare: () => Promise<Launch>;
    /** Answers the requests of every new process, before it starts. */
    readonly connect: (client: LanguageClient) => void;
    /** Called whenever a process is ready. */
    readonly ready: (client: LanguageClient) => void;
    readonly showHealth: (health: Health) => void;
}

/** Owns the server process: starts it, starts it again when it ends, and gives up with a message. */
export class Server {
    readonly #user: ServerUser;
    readonly #output: vscode.LogOutputChannel;
    readonly #restarts = new RestartPolicy();
    #running = deferred<LanguageClient>();
    #process: ServerProcess | undefined;
    #timer: NodeJS.Timeout | undefined;

    constructor(user: ServerUser, output: vscode.LogOutputChannel) {
        this.#user = user;
        this.#output = output;
    }

    /** The client once its process answers: waits for a start that is to come, rejects with the reason for none. */
    get running(): Promise<LanguageClient> {
        return this.#running.promise;
    }

    /** Starts at once, in place of what runs and forgetting earlier failures; never throws, since failures are shown. */
    async restart(): Promise<void> {
        await this.stop();
        this.#restarts.reset();
        if (this.#process === undefined) await this.#start(); // Else two asked for it at once.
    }

    /** Ends the process; what it was doing is on disk. */
    async stop(): Promise<void> {
        const process = this.#process;
        this.#forget();
        await process?.stop();
    }

    async #start(): Promise<void> {
        const user = this.#user;
        user.showHealth({ kind: 'starting' });
        const ended = (): void => this.#ended(process);
        const process = new ServerProcess(() => user.prepare(), this.#output, ended);
        const { client } = process;
        this.#process = process;
        user.connect(client);
        try {
            await client.start();
        } catch (error) {
            const isRefusal = error instanceof ResponseError && !isInterrupted(error);
            if (process.hasSpawned && !isRefusal) ended();
            else if (process === this.#process) this.#giveUp(error);
        }
        // One that ended during its start may count as started.
        if (process !== this.#process) return;
        this.#output.info('The server is running.');
        this.#running.resolve(client);
        user.showHealth({ kind: 'running' });
        user.ready(client);
    }

    /** A process is gone: unless it was wanted so, the next one takes its place, if that has helped before. */
    #ended(process: ServerProcess): void {
        if (process !== this.#process) return;
        this.#forget();
        const delay = this.#restarts.next(Date.now());
        if (delay === undefined) {
            const text = vscode.l10n.t('The Azure ML server keeps stopping. Nothing you submitted is lost.');
            this.#giveUp(new Error(text));
            return;
        }
        this.#output.error(`The server ended; starting it again in ${delay} ms.`);
        this.#user.showHealth({ kind: 'starting' });
        this.#timer = setTimeout(() => void this.#start(), delay);
    }

    #giveUp(error: unknown): void {
        const reason = error instanceof Error ? error : new Error(String(error));
        this.#output.error(reason.message);
        void this.stop();
        this.#running.reject(reason);
        this.#user.showHealth({ kind: 'stopped', error: reason });
    }

    /** Takes from the screen what belongs to the process; whoever waits for one waits for the next. */
    #forget(): void {
        clearTimeout(this.#timer);
        closeQuestions();
        this.#process?.progress.clear();
        this.#process = undefined;
        const before = this.#running;
        this.#running = deferred();
        before.resolve(this.#running.promise);
    }
}

/** Whether a request failed because its server ended, and may be asked of the next one. */
export function isInterrupted(error: unknown): boolean {
    const { ConnectionInactive, PendingResponseRejected, MessageWriteError } = ErrorCodes;
    const codes: number[] = [ConnectionInactive, PendingResponseRejected, MessageWriteError];
    return error instanceof ResponseError && codes.includes(error.code);
}

/** What the user is told about work that a stopped server did not finish. */
export function interruption(): string {
    return vscode.l10n.t('The Azure ML server stopped in the middle of this and is starting again.');
}
