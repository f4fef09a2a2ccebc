import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import * as vscode from 'vscode';
import { findProgram } from './programs';
import { selectedPython } from './python';

/** What the emulator prints when it is ready. */
export type Ready = Readonly<
    Record<'armEndpoint' | 'tenantId' | 'clientId' | 'clientSecret', string> &
        Record<'subscriptionId' | 'resourceGroup' | 'workspace', string>
>;

const idleExitMinutes = 15;

/**
 * The local Azure ML that comes with the extension. One process serves all windows and outlives their reloads;
 * it ends by itself when no window has asked for it for a while, and comes back at the same address.
 */
export class Emulator implements vscode.Disposable {
    readonly #context: vscode.ExtensionContext;
    #heartbeat: NodeJS.Timeout | undefined;

    constructor(context: vscode.ExtensionContext) {
        this.#context = context;
    }

    dispose(): void {
        clearInterval(this.#heartbeat);
    }

    /** Whether this window works with the emulator instead of Azure. */
    static get inUse(): boolean {
        return vscode.workspace.getConfiguration('azureml').get<boolean>('useEmulator', false);
    }

    /** Finds the running emulator or starts it, and keeps it running. Throws an Error with a message for the user. */
    async start(): Promise<Ready> {
        const ready = await this.#launch();
        clearInterval(this.#heartbeat);
        const used = `${ready.armEndpoint}/metadata/endpoints?api-version=2022-09-01`;
        const beat = (): void => void fetch(used).catch(() => undefined); // Whoever needs it next is told.
        this.#heartbeat = setInterval(beat, (idleExitMinutes * 60_000) / 3);
        return ready;
    }

    /** Starts the program, which answers for the one that runs already if there is one. */
    async #launch(): Promise<Ready> {
        const program = findProgram(this.#context);
        const python = await selectedPython();
        const state = path.join(this.#context.globalStorageUri.fsPath, 'emulator');
        await fs.mkdir(state, { recursive: true });
        const logFile = path.join(state, 'emulator.log');
        const log = await fs.open(logFile, 'a');
        const args = ['emulator', '--shared', '--state', state, '--idle-exit', String(idleExitMinutes)];
        if (python !== undefined) args.push('--python', python);
        const child = spawn(program, args, {
            detached: true,
            windowsHide: true,
            stdio: ['ignore', 'pipe', log.fd],
        });
        child.once('error', () => undefined); // Then it says nothing.
        const output = child.stdout as Readable;
        try {
            for await (const line of createInterface({ input: output })) return JSON.parse(line) as Ready;
        } finally {
            output.destroy();
            child.unref();
            await log.close();
        }
        throw new Error(vscode.l10n.t('The local Azure ML did not start. See {0}.', logFile));
    }
}
