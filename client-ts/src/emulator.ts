import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import * as vscode from 'vscode';
import { bundled, type Surroundings } from './server';

/** What the emulator prints when it is ready. */
interface Ready {
    readonly armEndpoint: string;
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
}

const idleExitMinutes = 15;

/**
 * The local Azure ML that comes with the extension. One process serves all windows and outlives their reloads;
 * it ends by itself when no window has asked for it for a while.
 */
export class Emulator implements vscode.Disposable {
    readonly #context: vscode.ExtensionContext;
    readonly #output: vscode.LogOutputChannel;
    #heartbeat: NodeJS.Timeout | undefined;

    constructor(context: vscode.ExtensionContext, output: vscode.LogOutputChannel) {
        this.#context = context;
        this.#output = output;
    }

    dispose(): void {
        clearInterval(this.#heartbeat);
    }

    /** Whether this window works with the emulator instead of Azure. */
    static get inUse(): boolean {
        return vscode.workspace.getConfiguration('azureml').get<boolean>('useEmulator', false);
    }

    /** Finds the running emulator or starts it; answers what the server needs to use it. */
    async start(): Promise<Surroundings> {
        const ready = (await this.#running()) ?? (await this.#spawn());
        clearInterval(this.#heartbeat);
        this.#heartbeat = setInterval(() => void answers(ready), (idleExitMinutes * 60_000) / 3);
        return {
            armEndpoint: ready.armEndpoint,
            auth: 'servicePrincipal',
            environment: {
                AZURE_TENANT_ID: ready.tenantId,
                AZURE_CLIENT_ID: ready.clientId,
                AZURE_CLIENT_SECRET: ready.clientSecret,
            },
        };
    }

    get #state(): string {
        return path.join(this.#context.globalStorageUri.fsPath, 'emulator');
    }

    get #readyFile(): string {
        return path.join(this.#state, 'ready.json');
    }

    async #running(): Promise<Ready | undefined> {
        try {
            const ready = JSON.parse(await fs.readFile(this.#readyFile, 'utf8')) as Ready;
            return (await answers(ready)) ? ready : undefined;
        } catch {
            return undefined; // Never started here, or the file is of another version.
        }
    }

    async #spawn(): Promise<Ready> {
        await fs.mkdir(this.#state, { recursive: true });
        const log = await fs.open(path.join(this.#state, 'emulator.log'), 'a');
        try {
            const child = spawn(
                bundled(this.#context, 'aml-emulator'),
                ['--state', this.#state, '--idle-exit', String(idleExitMinutes)],
                { detached: true, stdio: ['ignore', 'pipe', log.fd] },
            );
            const output = child.stdout as Readable;
            const line = await new Promise<string>((resolve, reject) => {
                child.once('error', reject);
                child.once('exit', () => {
                    reject(
                        new Error(
                            vscode.l10n.t(
                                'The local Azure ML did not start. See {0}.',
                                path.join(this.#state, 'emulator.log'),
                            ),
                        ),
                    );
                });
                createInterface({ input: output }).once('line', resolve);
            });
            output.destroy();
            child.unref();
            await fs.writeFile(this.#readyFile, line, { mode: 0o600 });
            const ready = JSON.parse(line) as Ready;
            this.#output.info(`The local Azure ML answers at ${ready.armEndpoint}.`);
            return ready;
        } finally {
            await log.close();
        }
    }
}

async function answers(ready: Ready): Promise<boolean> {
    try {
        const reply = await fetch(`${ready.armEndpoint}/metadata/endpoints?api-version=2022-09-01`);
        return reply.ok;
    } catch {
        return false; // Nothing listens there any more.
    }
}

/**
 * Copies the sample project to a folder of the user's choice, set up to use the emulator, and opens it.
 * A copy made earlier is opened as it is.
 */
export async function openSample(context: vscode.ExtensionContext): Promise<void> {
    const target = vscode.Uri.joinPath(context.globalStorageUri, 'sample', 'mnist-starter');
    const settings = vscode.Uri.joinPath(target, '.vscode', 'settings.json');
    if (!(await exists(settings))) {
        await vscode.workspace.fs.copy(vscode.Uri.joinPath(context.extensionUri, 'sample'), target, {
            overwrite: true,
        });
        const content = `${JSON.stringify({ 'azureml.useEmulator': true }, undefined, 4)}\n`;
        await vscode.workspace.fs.writeFile(settings, new TextEncoder().encode(content));
    }
    await vscode.commands.executeCommand('vscode.openFolder', target, { forceReuseWindow: true });
}

async function exists(uri: vscode.Uri): Promise<boolean> {
    try {
        await vscode.workspace.fs.stat(uri);
        return true;
    } catch {
        return false;
    }
}
