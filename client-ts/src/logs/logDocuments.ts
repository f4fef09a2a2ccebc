import * as vscode from 'vscode';
import { documentPath, documentQuery, readDocumentQuery, type LogAddress } from '../model/logAddress';
import { LogDocument, type ReadLog } from './logDocument';

export const logScheme = 'azureml-log';

/** What nobody has opened a moment after it was read is forgotten again. */
const patience = 10_000;

/** The logs of runs as files that can only be read: at most the last 4 MiB of each. An open one grows with its run. */
export class LogDocuments implements vscode.FileSystemProvider, vscode.Disposable {
    readonly #read: ReadLog;
    readonly #documents = new Map<string, LogDocument>();
    readonly #timers = new Map<string, NodeJS.Timeout>();
    readonly #changing = new vscode.EventEmitter<LogDocument>();
    readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
    readonly #disposables: readonly { readonly dispose: () => unknown }[];
    /** Tells right before a document changes. */
    readonly onWillChange = this.#changing.event;
    readonly onDidChangeFile = this.#changed.event;

    constructor(read: ReadLog) {
        this.#read = read;
        this.#disposables = [
            this.#changing,
            this.#changed,
            vscode.workspace.registerFileSystemProvider(logScheme, this, { isReadonly: true }),
            vscode.workspace.onDidOpenTextDocument((document) => {
                if (document.uri.scheme !== logScheme || document.languageId === 'log') return;
                void vscode.languages.setTextDocumentLanguage(document, 'log');
            }),
            // One that gets another language is closed and opened again.
            vscode.workspace.onDidCloseTextDocument(({ uri }) => setImmediate(() => this.#tidy(uri))),
            vscode.window.onDidChangeVisibleTextEditors((editors) => {
                // What the user must do something about may have been done by now.
                for (const { document } of editors) void this.find(document.uri)?.reader.follow();
            }),
        ];
    }

    dispose(): void {
        for (const { reader } of this.#documents.values()) reader.stop();
        for (const timer of this.#timers.values()) clearTimeout(timer);
        for (const one of this.#disposables) one.dispose();
    }

    /** Opens a log at its end, or turns to it; its tab stays, also when something found in it is opened. `title` is the run's. */
    async show(address: LogAddress, title: string): Promise<void> {
        const path = documentPath(title, address.path);
        const uri = vscode.Uri.from({ scheme: logScheme, path, query: documentQuery(address) });
        const isNew = this.find(uri) === undefined;
        const editor = await vscode.window.showTextDocument(uri, { preview: false });
        if (isNew) revealEnd(editor);
    }

    find(uri: vscode.Uri): LogDocument | undefined {
        return this.#documents.get(uri.toString());
    }

    async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
        const { content, changedAt } = await this.#open(uri);
        return { type: vscode.FileType.File, ctime: 0, mtime: changedAt, size: content.length };
    }

    async readFile(uri: vscode.Uri): Promise<Uint8Array> {
        return (await this.#open(uri)).content;
    }

    watch(): vscode.Disposable {
        return new vscode.Disposable(() => undefined);
    }

    readDirectory(uri: vscode.Uri): never {
        throw vscode.FileSystemError.FileNotADirectory(uri);
    }

    createDirectory(uri: vscode.Uri): never {
        throw vscode.FileSystemError.NoPermissions(uri);
    }

    writeFile(uri: vscode.Uri): never {
        throw vscode.FileSystemError.NoPermissions(uri);
    }

    delete(uri: vscode.Uri): never {
        throw vscode.FileSystemError.NoPermissions(uri);
    }

    rename(uri: vscode.Uri): never {
        throw vscode.FileSystemError.NoPermissions(uri);
    }

    /** The document of a log, once something is known of that. */
    async #open(uri: vscode.Uri): Promise<LogDocument> {
        const document = this.find(uri) ?? this.#begin(uri);
        await document.loaded;
        return document;
    }

    #begin(uri: vscode.Uri): LogDocument {
        const address = readDocumentQuery(uri.query);
        if (address === undefined) throw vscode.FileSystemError.FileNotFound(uri);
        const document = new LogDocument(uri, address, this.#read, () => this.#changeSoon(document));
        this.#documents.set(uri.toString(), document);
        void document.reader.follow();
        void document.loaded.then(() => setTimeout(() => this.#tidy(uri), patience));
        return document;
    }

    /** VS Code reads a document as a whole, so a long one changes less often. */
    #changeSoon(document: LogDocument): void {
        const key = document.uri.toString();
        if (this.#timers.has(key)) return;
        const delay = 250 + document.content.length / 4096;
        const change = (): void => {
            this.#timers.delete(key);
            this.#changing.fire(document);
            document.change();
            this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri: document.uri }]);
        };
        this.#timers.set(key, setTimeout(change, delay));
    }

    /** Asks no more about a log that is not open. */
    #tidy(uri: vscode.Uri): void {
        const key = uri.toString();
        const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === key);
        if (isOpen) return;
        this.find(uri)?.reader.stop();
        this.#documents.delete(key);
        clearTimeout(this.#timers.get(key));
        this.#timers.delete(key);
    }
}

/** More lines than any window has. */
const page = 1000;

/** `fromAbove`: with a page of lines above it, when VS Code may have put it at the top, where it would leave it. */
export function revealEnd(editor: vscode.TextEditor, fromAbove = false): void {
    const end = new vscode.Position(editor.document.lineCount - 1, 0);
    const above = end.with(Math.max(0, end.line - page));
    if (fromAbove) editor.revealRange(new vscode.Range(above, above), vscode.TextEditorRevealType.AtTop);
    editor.revealRange(new vscode.Range(end, end));
}
