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

    /** Opens the log of a run and follows it to its end, which is asked for once. Never throws. */
    async show({ id, label }: TreeNode): Promise<void> {
        const name = vscode.l10n.t('Azure ML run: {0}', label);
        const channel = this.#channels.get(id) ?? vscode.window.createOutputChannel(name, 'log');
        this.#channels.set(id, channel);
        channel.show(true);
        if (this.#following.has(id)) return;
        this.#following.add(id);
        channel.clear();
        try {
            for (let offset = 0, complete = false; !complete;) {
                const part = await this.#read({ id, offset, wait: true }, this.#stop.token);
                channel.append(part.text);
                offset = part.nextOffset;
                complete = part.complete;
            }
        } catch (error) {
            if (this.#stop.token.isCancellationRequested) return;
            channel.appendLine(error instanceof Error ? error.message : String(error));
            this.#following.delete(id); // The next Show log starts afresh.
        }
    }
}
