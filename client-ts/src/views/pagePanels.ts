import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { LanguageClient, ResponseError } from 'vscode-languageclient/node';
import type { PageFile, PageMessage } from '../../webview/messages';
import { pageHtml } from '../model/pageHtml';
import { PageRequests, type PageServer } from '../model/pageRequests';
import type { ErrorData } from '../protocol.gen';
import { chooseTarget } from '../ui/saveTarget';

/** Asks a question that is asked again of the next server when one ends. */
export type Ask = <Result>(question: (client: LanguageClient) => Promise<Result>) => Promise<Result>;

/** A page about one thing, in a panel. */
export interface PagePanel {
    /** Whether this is another name of what it is about. */
    readonly isAbout: (id: string) => boolean;
}

/** The panels of one kind of page: one for each thing, opened again when the window is. */
export class PagePanels implements vscode.Disposable {
    readonly #viewType: string;
    readonly #fill: (panel: vscode.WebviewPanel, id: string) => PagePanel;
    readonly #open = new Map<vscode.WebviewPanel, { readonly id: string; readonly page: PagePanel }>();
    readonly #serializer: vscode.Disposable;

    /** `fill` makes the page in a panel; a page keeps the `id` of what it is about in its state. */
    constructor(viewType: string, fill: (panel: vscode.WebviewPanel, id: string) => PagePanel) {
        this.#viewType = viewType;
        this.#fill = fill;
        this.#serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
            deserializeWebviewPanel: (panel, state: { id?: unknown } | undefined) => {
                if (typeof state?.id === 'string') this.#add(panel, state.id);
                else panel.dispose();
                return Promise.resolve();
            },
        });
    }

    dispose(): void {
        this.#serializer.dispose();
        for (const panel of this.#open.keys()) panel.dispose();
    }

    /** Opens the page about something, or turns to it. */
    show(id: string, title: string): void {
        for (const [panel, open] of this.#open) {
            if (open.id !== id && !open.page.isAbout(id)) continue;
            panel.reveal();
            return;
        }
        this.#add(vscode.window.createWebviewPanel(this.#viewType, title, vscode.ViewColumn.Active), id);
    }

    #add(panel: vscode.WebviewPanel, id: string): void {
        this.#open.set(panel, { id, page: this.#fill(panel, id) });
        panel.onDidDispose(() => this.#open.delete(panel));
    }
}

/** What makes a page of a panel. */
export interface Page<Action> extends Pick<PageServer<Action>, 'ask' | 'act'> {
    /** Name of its bundle in the extension. */
    readonly name: string;
    /** What it is about. */
    readonly id: string;
    readonly texts: unknown;
}

/** Loads a page into a panel and answers it. A page that is hidden is gone, and its questions with it. */
export function loadPage<Action>(
    panel: vscode.WebviewPanel,
    { extensionUri }: vscode.ExtensionContext,
    { name, id, texts, ask, act }: Page<Action>,
): void {
    const { webview } = panel;
    const requests = new PageRequests<Action>({
        ask: (method, params, signal) =>
            method === 'page/save' ? saveFile(params as PageFile) : ask(method, params, signal),
        act,
        post: (message) => void webview.postMessage(message),
        explain: (error) => ({
            message: error instanceof Error ? error.message : String(error),
            kind: (error as Partial<ResponseError<ErrorData | undefined>>).data?.kind,
        }),
    });
    const root = vscode.Uri.joinPath(extensionUri, 'client-ts', 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [root] };
    webview.onDidReceiveMessage((message: PageMessage<Action>) => {
        requests.receive(message);
    });
    panel.onDidChangeViewState(() => {
        if (!panel.visible) requests.cancel();
    });
    panel.onDidDispose(() => {
        requests.cancel();
    });
    const address = (file: string): string =>
        webview.asWebviewUri(vscode.Uri.joinPath(root, file)).toString();
    const source = {
        script: address(`${name}.js`),
        style: address(`${name}.css`),
        cspSource: webview.cspSource,
        nonce: randomUUID(),
        language: vscode.env.language,
    };
    webview.html = pageHtml(source, { id, texts });
}

/** Saves what a page has made where the user says; whether it was. */
async function saveFile(file: PageFile): Promise<boolean> {
    const target = await chooseTarget(file.name);
    if (target === undefined) return false;
    const bytes = 'text' in file ? Buffer.from(file.text) : Buffer.from(file.base64, 'base64');
    await vscode.workspace.fs.writeFile(target, bytes);
    return true;
}

/** Asks the server what a page asks; one that takes the place of another counts revisions afresh. */
export async function forward<Result>(
    ask: Ask,
    method: string,
    params: object,
    signal: AbortSignal,
): Promise<Result> {
    const cancel = new vscode.CancellationTokenSource();
    signal.addEventListener('abort', () => cancel.cancel(), { once: true });
    let revisions: object = {};
    return ask((client) => {
        const about = { ...params, ...revisions };
        revisions = { revision: undefined, columnsRevision: undefined };
        return client.sendRequest<Result>(method, about, cancel.token);
    });
}
