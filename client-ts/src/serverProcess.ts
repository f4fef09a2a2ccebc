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
import { parseLogLine } from './model/logLine';
import type { InitializationOptions } from './protocol.gen';
import { ProgressNotifications } from './ui/progress';

/** How a process is started. */
export interface Launch {
    readonly program: string;
    readonly environment: Record<string, string>;
    readonly options: InitializationOptions;
}

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

    /** Never rejects: one that was not running, or does not answer in time, is killed anyway. */
    override async stop(timeout?: number): Promise<void> {
        return super.stop(timeout).catch(() => undefined);
    }
}

/** One process of the server and the client that is connected with it. */
export class ServerProcess {
    readonly client: LanguageClient;
    readonly progress: ProgressNotifications;
    readonly #prepare: () => Promise<Launch>;
    readonly #output: vscode.LogOutputChannel;
    #options: InitializationOptions = {};
    #child: ChildProcess | undefined;
    #stopped = false;

    /** `ended` is called when the process has ended, whoever wanted it. */
    constructor(prepare: () => Promise<Launch>, output: vscode.LogOutputChannel, ended: () => void) {
        this.#prepare = prepare;
        this.#output = output;
        this.client = new Client('azureml', 'Azure ML', () => this.#spawn(), this.#clientOptions(ended));
        this.progress = new ProgressNotifications(this.client);
    }

    /** Whether there has been a process: one that ends during its start is no reason not to start another. */
    get hasSpawned(): boolean {
        return this.#child?.pid !== undefined;
    }

    async stop(): Promise<void> {
        this.#stopped = true;
        await this.client.stop();
        const { pid, exitCode } = this.#child ?? {};
        // On Windows what it has started would outlive it.
        const [tool, ...args] = ['taskkill', '/T', '/F', '/PID', String(pid)] as const;
        if (process.platform !== 'win32') this.#child?.kill();
        else if (exitCode === null) spawn(tool, args, { windowsHide: true });
    }

    async #spawn(): Promise<ChildProcess> {
        const { program, environment, options } = await this.#prepare();
        if (this.#stopped) throw new Error('The server is not wanted any more.');
        this.#options = options;
        const verbose = this.#output.logLevel <= vscode.LogLevel.Debug;
        const args = ['serve', '--stdio', '--log-level', verbose ? 'debug' : 'info'];
        const env = { ...process.env, ...environment };
        const child = spawn(program, args, { env, windowsHide: true });
        this.#child = child;
        return new Promise((resolve, reject) => {
            child.once('spawn', () => resolve(child)).once('error', reject);
        });
    }

    #clientOptions(ended: () => void): LanguageClientOptions {
        return {
            documentSelector: ['json', 'jsonc', 'yaml'].map((language) => ({ scheme: 'file', language })),
            outputChannel: this.#output,
            initializationOptions: () => this.#options,
            middleware: { handleWorkDoneProgress: (...progress) => this.progress.handle(...progress) },
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
                    ended();
                    return { action: CloseAction.DoNotRestart, handled: true };
                },
            },
        };
    }
}
