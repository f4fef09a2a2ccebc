import * as vscode from 'vscode';
import type { RunsLogParams, RunsLogResult, TreeNode } from './protocol.gen';

type Read = (params: RunsLogParams, cancel: vscode.CancellationToken) => Promise<RunsLogResult>;

/** Shows the log of a run in an output channel that grows while the run does. One channel for each run. */
export class RunLogs implements vscode.Disposable {
    readonly #read: Read;
    readonly #channels = new Map<string, vscode.OutputChannel>();
    readonly #following = new Set<string>();
    readonly #stop = new vscode.CancellationTokenSource();

    constructor(read: Read) {
        this.#read = read;
    }

    dispose(): void {
        this.#stop.cancel();
        for (const channel of this.#channels.values()) channel.dispose();
    }

    /** Opens the log of a run; following ends with the run. */
    show({ id, label }: TreeNode): void {
        let channel = this.#channels.get(id);
        if (!channel) {
            channel = vscode.window.createOutputChannel(vscode.l10n.t('Azure ML run: {0}', label), 'log');
            this.#channels.set(id, channel);
        }
        channel.show(true);
        if (!this.#following.has(id)) void this.#follow(id, channel);
    }

    async #follow(id: string, channel: vscode.OutputChannel): Promise<void> {
        const cancel = this.#stop.token;
        this.#following.add(id);
        try {
            channel.clear();
            for (let offset = 0; ;) {
                const part = await this.#read({ id, offset, wait: true }, cancel);
                if (cancel.isCancellationRequested) return;
                channel.append(part.text);
                offset = part.nextOffset;
                if (part.complete) return; // It stays in the list: opening it again asks for nothing.
            }
        } catch (error) {
            if (cancel.isCancellationRequested) return;
            channel.appendLine(error instanceof Error ? error.message : String(error));
            this.#following.delete(id); // The next Show log starts afresh.
        }
    }
}
