import * as vscode from 'vscode';
import type { RunsLogParams, RunsLogResult, TreeNode } from './protocol.gen';

/** Shows the log of a run in an output channel that grows while the run does. One channel for each run. */
export class RunLogs implements vscode.Disposable {
    readonly #read: (params: RunsLogParams, cancel: vscode.CancellationToken) => Promise<RunsLogResult>;
    readonly #channels = new Map<string, vscode.OutputChannel>();
    readonly #stop = new vscode.CancellationTokenSource();

    constructor(read: (params: RunsLogParams, cancel: vscode.CancellationToken) => Promise<RunsLogResult>) {
        this.#read = read;
    }

    dispose(): void {
        this.#stop.cancel();
        for (const channel of this.#channels.values()) channel.dispose();
    }

    /** Opens the log of the run behind a node; following ends with the run. */
    async show(run: TreeNode): Promise<void> {
        const open = this.#channels.get(run.id);
        if (open) {
            open.show();
            return;
        }
        const channel = vscode.window.createOutputChannel(vscode.l10n.t('Azure ML run: {0}', run.label));
        this.#channels.set(run.id, channel);
        channel.show();
        await this.#follow(run.id, channel);
    }

    async #follow(id: string, channel: vscode.OutputChannel): Promise<void> {
        const cancel = this.#stop.token;
        try {
            let offset = 0;
            for (;;) {
                const part = await this.#read({ id, offset, wait: true }, cancel);
                channel.append(part.text);
                offset = part.nextOffset;
                if (part.complete || cancel.isCancellationRequested) return;
            }
        } catch (error) {
            if (cancel.isCancellationRequested) return;
            channel.appendLine(error instanceof Error ? error.message : String(error));
            this.#channels.delete(id); // The next Show log starts afresh.
        }
    }
}
