import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import {
    CloseAction,
    ErrorAction,
    LanguageClient,
    type DynamicFeature,
    type LanguageClientOptions,
    type StaticFeature,
} from 'vscode-languageclient/node';
import { deferred } from './model/deferred';
import { parseLogLine } from './model/logLine';
import { RestartPolicy } from './model/restartPolicy';
import { protocolVersion, type Settings } from './protocol.gen';
import { ProgressNotifications } from './ui/progress';
import { closeQuestions } from './ui/question';

/** How and where the server is started. */
export interface Launch {
    readonly program: string;
    readonly environment: Record<string, string>;
    readonly settings: Settings;
    readonly stateDirectory: string;
    /** Answers the requests of every new process, before it starts. */
    readonly connect: (client: LanguageClient) => void;
    /** Called whenever a process is ready. */
    readonly ready: (client: LanguageClient) => unknown;
}

/** How the server is; `stopped` is for good, with the reason. */
export type Health = { kind: 'starting' } | { kind: 'running' } | { kind: 'stopped'; reason: string };

/** The client library without its display of what we show better ourselves. */
class Client extends LanguageClient {
    /** Our commands are registered by the extension, so that they exist while the server restarts. */
    override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
        if ('registrationType' in feature && feature.registrationType.method === 'workspace/executeCommand')
            return;
        super.registerFeature(feature);
    }

    /** A server that ends is started again; the user is told only when that does not help. */
    override error(message: string, data?: unknown): void {
        super.error(message, data, false);
    }
}

/** Owns the server process: starts it, starts it again when it ends, and gives up with a message. */
export class Server implements vscode.Disposable {
    readonly #launch: Launch;
    readonly #output: vscode.LogOutputChannel;
    readonly #restarts = new RestartPolicy();
    readonly #progress = new ProgressNotifications();
    readonly #health = new vscode.EventEmitter<Health>();
    readonly onDidChangeHealth = this.#health.event;
    #running = deferred<LanguageClient>();
    #client: LanguageClient | undefined;
    #process: ChildProcess | undefined;
    #timer: NodeJS.Timeout | undefined;
    #restarting = false;
    #stopping = false;
    #givenUp = false;

    constructor(launch: Launch, output: vscode.LogOutputChannel) {
        this.#launch = launch;
        this.#output = output;
    }

    dispose(): void {
        void this.stop();
        this.#health.dispose();
        this.#progress.clear();
    }

    /** The client once its process answers: waits for a start that is under way, rejects with the reason for none. */
    get running(): Promise<LanguageClient> {
        return this.#running.promise;
    }

    /** Starts a process; never throws, since failures are shown. */
    async start(): Promise<void> {
        this.#health.fire({ kind: 'starting' });
        const client = new Client('azureml', 'Azure ML', () => this.#spawn(), this.#options());
        this.#client = client;
        this.#launch.connect(client);
        try {
            await client.start();
        } catch (error) {
            // Whoever ended during its start is started again.
            if (!this.#restarting && !this.#stopping) this.#fail(error);
            return;
        }
        // One that ended during its start may count as started.
        if (!client.isRunning()) return;
        this.#output.info('The server is running.');
        this.#running.resolve(client);
        this.#health.fire({ kind: 'running' });
        this.#launch.ready(client);
    }

    /** Starts at once, forgetting earlier failures. */
    async restart(): Promise<void> {
        await this.stop();
        this.#restarts.reset();
        this.#stopping = false;
        this.#givenUp = false;
        this.#running = deferred();
        await this.start();
    }

    /** Ends the process for good; what it was doing is on disk. */
    async stop(): Promise<void> {
        this.#stopping = true;
        clearTimeout(this.#timer);
        closeQuestions();
        try {
            await this.#client?.stop();
        } catch {
            // It was not running, or did not answer in time.
        }
        this.#process?.kill();
    }

    #spawn(): Promise<ChildProcess> {
        const { program, environment } = this.#launch;
        const verbose = this.#output.logLevel <= vscode.LogLevel.Debug;
        const args = ['serve', '--stdio', '--log-level', verbose ? 'debug' : 'info'];
        const child = spawn(program, args, { env: { ...process.env, ...environment } });
        this.#process = child;
        return new Promise((resolve, reject) => {
            child.once('spawn', () => resolve(child)).once('error', reject);
        });
    }

    #options(): LanguageClientOptions {
        const { settings, stateDirectory } = this.#launch;
        return {
            documentSelector: ['json', 'jsonc'].map((language) => ({ scheme: 'file', language })),
            outputChannel: this.#output,
            initializationOptions: { protocolVersion, ...settings, stateDirectory },
            middleware: { handleWorkDoneProgress: this.#progress.handle(() => this.#client) },
            initializationFailedHandler: () => false,
            stdioOptions: {
                stdout: () => undefined,
                stderr: (input, channel) => {
                    createInterface({ input, crlfDelay: Infinity }).on('line', (line) => {
                        const { level, text } = parseLogLine(line);
                        channel[level](text);
                    });
                },
            },
            errorHandler: {
                error: () => ({ action: ErrorAction.Continue, handled: true }),
                closed: () => {
                    this.#ended();
                    return { action: CloseAction.DoNotRestart, handled: true };
                },
            },
        };
    }

    /** The process is gone: the next one takes its place, unless that has not helped before. */
    #ended(): void {
        if (this.#stopping || this.#givenUp) return;
        closeQuestions();
        this.#progress.clear();
        this.#running.reject(new Error(interruption()));
        this.#running = deferred();
        const delay = this.#restarts.next(Date.now());
        if (delay === undefined) {
            this.#fail(vscode.l10n.t('The Azure ML server keeps stopping. Nothing you submitted is lost.'));
            return;
        }
        this.#output.error(`The server ended; starting it again in ${delay} ms.`);
        this.#health.fire({ kind: 'starting' });
        this.#restarting = true;
        this.#timer = setTimeout(() => {
            this.#restarting = false;
            void this.start();
        }, delay);
    }

    #fail(error: unknown): void {
        const reason = error instanceof Error ? error.message : String(error);
        this.#givenUp = true;
        this.#output.error(reason);
        this.#running.reject(new Error(reason));
        this.#process?.kill();
        this.#health.fire({ kind: 'stopped', reason });
    }
}

/** What the user is told about work that a stopped server did not finish. */
export function interruption(): string {
    return vscode.l10n.t('The Azure ML server stopped in the middle of this and is starting again.');
}
