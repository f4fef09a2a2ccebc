import * as fs from 'node:fs';
import * as vscode from 'vscode';
import {
    CloseAction,
    ErrorAction,
    LanguageClient,
    State,
    type DynamicFeature,
    type LanguageClientOptions,
    type ServerOptions,
    type StaticFeature,
} from 'vscode-languageclient/node';
import { RestartPolicy } from './model/restartPolicy';
import { required, thisMachine, unsupported } from './model/platform';
import { ProgressNotifications } from './ui/progress';
import { protocolVersion } from './protocol.gen';

/** What the process is started with besides its fixed arguments. */
export interface Surroundings {
    readonly environment: Record<string, string>;
    /** Replaces the setting `azureml.armEndpoint`. */
    readonly armEndpoint?: string;
    /** Replaces the setting `azureml.auth`. */
    readonly auth?: string;
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
}

/** Owns the server process: finds it, starts it, starts it again when it ends, and gives up with a message. */
export class Server implements vscode.Disposable {
    readonly client: LanguageClient;
    readonly #restarts = new RestartPolicy();
    readonly #progress = new ProgressNotifications();
    readonly #output: vscode.LogOutputChannel;
    #timer: NodeJS.Timeout | undefined;
    #stopping = false;

    constructor(
        context: vscode.ExtensionContext,
        output: vscode.LogOutputChannel,
        surroundings: Surroundings,
    ) {
        this.#output = output;
        const command = findServer(context);
        const run = {
            command,
            args: ['serve', '--stdio'],
            options: { env: { ...process.env, ...surroundings.environment } },
        };
        const serverOptions: ServerOptions = { run, debug: run };
        this.client = new Client('azureml', 'Azure ML', serverOptions, this.#options(context, surroundings));
        this.client.onDidChangeState(({ newState }) => {
            if (newState === State.Running) this.#output.info('The server is running.');
        });
    }

    dispose(): void {
        this.#stopping = true;
        clearTimeout(this.#timer);
        this.#progress.dispose();
        void this.client.dispose();
    }

    async start(): Promise<void> {
        await this.client.start();
    }

    /** Starts the server at once, forgetting earlier failures. */
    async restart(): Promise<void> {
        this.#restarts.reset();
        clearTimeout(this.#timer);
        await this.client.restart();
    }

    #options(context: vscode.ExtensionContext, surroundings: Surroundings): LanguageClientOptions {
        const settings = vscode.workspace.getConfiguration('azureml');
        return {
            documentSelector: [
                { scheme: 'file', language: 'json' },
                { scheme: 'file', language: 'jsonc' },
            ],
            outputChannel: this.#output,
            initializationOptions: {
                protocolVersion,
                armEndpoint: surroundings.armEndpoint ?? settings.get<string>('armEndpoint'),
                auth: surroundings.auth ?? settings.get<string>('auth'),
                stateDirectory: context.globalStorageUri.fsPath,
            },
            middleware: { handleWorkDoneProgress: this.#progress.handle(() => this.client) },
            initializationFailedHandler: () => false,
            errorHandler: {
                error: () => ({ action: ErrorAction.Continue, handled: true }),
                closed: () => {
                    this.#scheduleRestart();
                    return { action: CloseAction.DoNotRestart, handled: true };
                },
            },
        };
    }

    #scheduleRestart(): void {
        if (this.#stopping) return;
        const delay = this.#restarts.next(Date.now());
        if (delay === undefined) {
            void this.#giveUp();
            return;
        }
        this.#output.error(`The server ended; starting it again in ${delay} ms.`);
        this.#timer = setTimeout(() => {
            this.client.start().catch((error: unknown) => {
                this.#output.error(String(error));
            });
        }, delay);
    }

    async #giveUp(): Promise<void> {
        const restart = vscode.l10n.t('Start Again');
        const show = vscode.l10n.t('Show Log');
        const choice = await vscode.window.showErrorMessage(
            vscode.l10n.t('The Azure ML server keeps stopping. Nothing you submitted is lost.'),
            restart,
            show,
        );
        if (choice === restart) await this.restart();
        if (choice === show) this.#output.show();
    }
}

/**
 * The path of the server program: the setting `azureml.server.path`, else the bundled one.
 * Throws an Error with a message for the user when there is none for this machine.
 */
export function findServer(context: vscode.ExtensionContext): string {
    const configured = vscode.workspace.getConfiguration('azureml').get<string>('server.path');
    if (configured) {
        if (fs.existsSync(configured)) return configured;
        throw new Error(
            vscode.l10n.t(
                'There is no program at {0}. Correct the setting azureml.server.path or clear it.',
                configured,
            ),
        );
    }
    const machine = thisMachine();
    const reason = unsupported(machine);
    if (reason === 'platform') {
        throw new Error(
            vscode.l10n.t(
                'This version of Azure ML Experiments runs on Linux x64; this machine is {0} {1}. Build the server and name it in the setting azureml.server.path.',
                machine.platform,
                machine.arch,
            ),
        );
    }
    if (reason === 'libc') {
        throw new Error(
            vscode.l10n.t(
                'Azure ML Experiments needs the GNU C library {0} or newer; this machine has {1}.',
                required.glibc,
                machine.glibc ?? vscode.l10n.t('another C library'),
            ),
        );
    }
    return bundled(context, 'aml');
}

/** The path of a program that comes with the extension. */
export function bundled(context: vscode.ExtensionContext, name: string): string {
    const packaged = context.asAbsolutePath(`bin/${name}`);
    return fs.existsSync(packaged) ? packaged : context.asAbsolutePath(`build/release/bin/${name}`);
}
