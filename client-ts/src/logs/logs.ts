import { basename, dirname } from 'node:path/posix';
import * as vscode from 'vscode';
import type { LogAddress } from '../model/logAddress';
import * as protocol from '../protocol.gen';
import type { Ask } from '../views/pagePanels';
import type { LogDocument, ReadLog } from './logDocument';
import { LogDocuments, logScheme } from './logDocuments';
import { downloadLog, registerDownloadLens } from './logDownload';
import { LogEditors } from './logEditors';
import { registerLogLinks } from './logLinks';

/** The logs of runs: the commands that open them, and everything that shows them. */
export class Logs implements vscode.Disposable {
    readonly #read: ReadLog;
    readonly #titleOf: (run: string) => string;
    readonly #documents: LogDocuments;
    readonly #disposables: readonly { readonly dispose: () => unknown }[];

    /** `titleOf` says what a run is called, of which the id of its row, or its own, is known. */
    constructor(ask: Ask, titleOf: (run: string) => string) {
        this.#titleOf = titleOf;
        this.#read = async (params, stop) => {
            const cancel = new vscode.CancellationTokenSource();
            const abort = (): void => cancel.cancel();
            stop.addEventListener('abort', abort);
            try {
                return await ask((client) => client.sendRequest(protocol.RunsLog, params, cancel.token));
            } finally {
                stop.removeEventListener('abort', abort);
                cancel.dispose();
            }
        };
        this.#documents = new LogDocuments(this.#read);
        this.#disposables = [
            this.#documents,
            new LogEditors(this.#documents),
            registerDownloadLens(this.#documents),
            registerLogLinks(this.#documents, (params) =>
                ask((client) => client.sendRequest(protocol.RunsSource, params)),
            ),
        ];
    }

    dispose(): void {
        for (const one of this.#disposables) one.dispose();
    }

    /** Opens a log of a run: its main one unless `path` names another. */
    async show(run: unknown, path?: unknown): Promise<void> {
        if (typeof run !== 'string') return;
        await this.#open({ run, path: typeof path === 'string' ? path : undefined });
    }

    /** Has the user choose among the logs of a run: a row of the tree, or the one whose log is in front. */
    async choose(about: unknown): Promise<void> {
        const run = typeof about === 'string' ? about : this.#inFront(about)?.address.run;
        if (run === undefined) return;
        const placeHolder = vscode.l10n.t('Log to show');
        const chosen = await vscode.window.showQuickPick(this.#listLogs(run), { placeHolder });
        if (chosen !== undefined) await this.#open({ run, path: chosen.path });
    }

    /** Saves a log: the one in front, unless `about` is the address of another. */
    async download(about: unknown): Promise<void> {
        const document = this.#inFront(about);
        if (document !== undefined) await downloadLog(document, this.#read);
    }

    async #open(address: LogAddress): Promise<void> {
        await this.#documents.show(address, this.#titleOf(address.run));
    }

    #inFront(about: unknown): LogDocument | undefined {
        const uri = about instanceof vscode.Uri ? about : vscode.window.activeTextEditor?.document.uri;
        return uri?.scheme === logScheme ? this.#documents.find(uri) : undefined;
    }

    async #listLogs(run: string): Promise<(vscode.QuickPickItem & { path?: string })[]> {
        const { files } = await this.#read({ id: run, offset: 0, last: 1 }, new AbortController().signal);
        const main = { label: vscode.l10n.t('Main log'), description: files[0] ?? '' };
        // What is in no folder is no file, but is made of several.
        const of = (path: string): string =>
            path.includes('/') ? dirname(path) : vscode.l10n.t('All processes in one, by time');
        const others = files.map((path) => ({ label: basename(path), description: of(path), path }));
        return [main, ...others];
    }
}
