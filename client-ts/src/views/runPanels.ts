import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { ResponseError, LanguageClient } from 'vscode-languageclient/node';
import { iconText } from '../../webview/icons';
import type { PageMessage } from '../../webview/messages';
import type { RunAction } from '../../webview/run/contract';
import { pageHtml } from '../model/pageHtml';
import { PageRequests } from '../model/pageRequests';
import * as protocol from '../protocol.gen';
import { runTexts } from './runTexts';

/** Asks a question that is asked again of the next server when one ends. */
export type Ask = <Result>(question: (client: LanguageClient) => Promise<Result>) => Promise<Result>;

const viewType = 'azureml.run';
const configurationScheme = 'azureml-configuration';

/** The pages about runs: one for each run, opened again when the window is. */
export class RunPanels implements vscode.Disposable {
    readonly #root: vscode.Uri;
    readonly #ask: Ask;
    readonly #reveal: (rowId: string) => unknown;
    readonly #panels = new Set<RunPanel>();
    readonly #registrations: readonly vscode.Disposable[];

    constructor(context: vscode.ExtensionContext, ask: Ask, reveal: (rowId: string) => unknown) {
        this.#root = vscode.Uri.joinPath(context.extensionUri, 'client-ts', 'dist', 'webview');
        this.#ask = ask;
        this.#reveal = reveal;
        this.#registrations = [
            vscode.window.registerWebviewPanelSerializer(viewType, {
                deserializeWebviewPanel: (panel, state: { id?: unknown } | undefined) => {
                    if (typeof state?.id === 'string') this.#fill(panel, state.id);
                    else panel.dispose();
                    return Promise.resolve();
                },
            }),
            vscode.workspace.registerTextDocumentContentProvider(configurationScheme, {
                provideTextDocumentContent: async ({ query: id }) =>
                    (await ask((client) => client.sendRequest(protocol.RunsView, { id }))).configuration,
            }),
        ];
    }

    dispose(): void {
        for (const one of [...this.#registrations, ...this.#panels]) one.dispose();
    }

    /** Opens the page about a run, or turns to it. Without one the user chooses among the runs that are followed. */
    async show(run: unknown): Promise<void> {
        const id = typeof run === 'string' ? run : await this.#choose();
        if (id === undefined) return;
        for (const panel of this.#panels) {
            if (!panel.isAbout(id)) continue;
            panel.reveal();
            return;
        }
        const title = vscode.l10n.t('Run');
        this.#fill(vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active), id);
    }

    async #choose(): Promise<string | undefined> {
        const { runs } = await this.#ask((client) => client.sendRequest(protocol.RunsList, {}));
        const newest = runs.sort((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''));
        const items = newest.map(({ displayName, experiment, workspace, id }) => {
            return { label: displayName, description: `${experiment} · ${workspace}`, id };
        });
        if (items.length === 0) {
            const text = vscode.l10n.t('No run is followed yet. Choose one in the tree.');
            void vscode.window.showInformationMessage(text);
        }
        const placeHolder = vscode.l10n.t('Run to show');
        return items.length === 0
            ? undefined
            : (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.id;
    }

    #fill(panel: vscode.WebviewPanel, id: string): void {
        const shown = new RunPanel(panel, id, { root: this.#root, ask: this.#ask, reveal: this.#reveal });
        this.#panels.add(shown);
        panel.onDidDispose(() => this.#panels.delete(shown));
    }
}

interface PanelContext {
    readonly root: vscode.Uri;
    readonly ask: Ask;
    readonly reveal: (rowId: string) => unknown;
}

/** The page about one run. What it asks is about that run, and what it has done is to that run. */
class RunPanel implements vscode.Disposable {
    readonly #panel: vscode.WebviewPanel;
    readonly #id: string;
    readonly #context: PanelContext;
    readonly #requests: PageRequests<RunAction>;
    #view: protocol.RunView | undefined;

    constructor(panel: vscode.WebviewPanel, id: string, context: PanelContext) {
        this.#panel = panel;
        this.#id = id;
        this.#context = context;
        this.#requests = new PageRequests<RunAction>({
            ask: (method, params, signal) => this.#ask(method, params, signal),
            act: (action) => this.#act(action),
            post: (message) => void panel.webview.postMessage(message),
            explain: (error) => ({
                message: error instanceof Error ? error.message : String(error),
                kind: (error as Partial<ResponseError<protocol.ErrorData | undefined>>).data?.kind,
            }),
        });
        const { webview } = panel;
        webview.options = { enableScripts: true, localResourceRoots: [context.root] };
        webview.onDidReceiveMessage((message: PageMessage<RunAction>) => {
            this.#requests.receive(message);
        });
        panel.onDidChangeViewState(() => {
            if (!panel.visible) this.#requests.cancel();
        });
        panel.onDidDispose(() => {
            this.#requests.cancel();
        });
        const address = (name: string): string =>
            webview.asWebviewUri(vscode.Uri.joinPath(context.root, name)).toString();
        webview.html = pageHtml(
            {
                script: address('run.js'),
                style: address('run.css'),
                cspSource: webview.cspSource,
                nonce: randomUUID(),
                language: vscode.env.language,
            },
            { id, texts: runTexts() },
        );
    }

    /** By its resource id or its row in the tree. */
    isAbout(id: string): boolean {
        return [this.#id, this.#view?.id, this.#view?.nodeId].includes(id);
    }

    reveal(): void {
        this.#panel.reveal();
    }

    dispose(): void {
        this.#panel.dispose();
    }

    async #ask(method: string, page: object, signal: AbortSignal): Promise<unknown> {
        const cancel = new vscode.CancellationTokenSource();
        signal.addEventListener('abort', () => cancel.cancel(), { once: true });
        // Whatever the page says it is about.
        const params = { ...page, id: this.#id };
        const send = <Result>(client: LanguageClient, request: string, about: object): Promise<Result> =>
            client.sendRequest<Result>(request, about, cancel.token);
        switch (method) {
            case 'runs/view': {
                let revision: object = {};
                const view = await this.#context.ask((client) => {
                    // The next server counts afresh.
                    const about = { ...params, ...revision };
                    revision = { revision: undefined };
                    return send<protocol.RunView>(client, method, about);
                });
                this.#show(view);
                return view;
            }
            case 'runs/series':
            case 'runs/table':
            case 'runs/file':
                return this.#context.ask((client) => send(client, method, params));
            default:
                throw new Error(`A page may not ask for ${method}.`);
        }
    }

    #show(view: protocol.RunView): void {
        this.#view = view;
        this.#panel.title = view.title;
        this.#panel.iconPath = tabIcon(view);
    }

    #act(action: RunAction): void {
        const view = this.#view;
        const run = (command: string, ...args: readonly unknown[]): void =>
            void vscode.commands.executeCommand(command, ...args);
        if (action.kind === 'signIn') run('azureml.signIn');
        if (view === undefined) return;
        switch (action.kind) {
            case 'signIn':
                break;
            case 'cancel':
                run('azureml.run.cancel', view.nodeId);
                break;
            case 'openInPortal':
                run('azureml.run.openInPortal', view.nodeId);
                break;
            case 'repeat':
                if (view.script !== undefined) run('azureml.repeatLastRun', vscode.Uri.parse(view.script));
                break;
            case 'reveal':
                void this.#context.reveal(view.nodeId);
                break;
            case 'showLog':
                run('azureml.run.showLog', view.nodeId, action.path);
                break;
            case 'openSource':
                void openSource(view, action);
                break;
            case 'openConfiguration':
                void openConfiguration(view);
                break;
        }
    }
}

/** Opens a line of the traceback; an address that is not in it is none of the page's business. */
async function openSource(
    view: protocol.RunView,
    { uri, line }: { uri: string; line: number },
): Promise<void> {
    if (view.failure?.frames.some((frame) => frame.uri === uri) !== true) return;
    const at = new vscode.Position(Math.max(0, line - 1), 0);
    const selection = new vscode.Range(at, at);
    await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection });
}

async function openConfiguration({ id, name }: protocol.RunView): Promise<void> {
    const path = `/${name}.json`;
    const uri = vscode.Uri.from({ scheme: configurationScheme, path, query: id });
    await vscode.window.showTextDocument(uri, { preview: true });
}

const tabColors: Readonly<Record<string, readonly [light: string, dark: string]>> = {
    'charts.green': ['#388a34', '#89d185'],
    'charts.red': ['#e51400', '#f14c4c'],
    'charts.orange': ['#b55a00', '#d18616'],
    'charts.yellow': ['#9a6700', '#cca700'],
    'charts.blue': ['#1a85ff', '#3794ff'],
};

/** The status as the picture of a tab, which has no theme colours. */
function tabIcon({ statusIcon, statusColor = '' }: protocol.RunView): {
    light: vscode.Uri;
    dark: vscode.Uri;
} {
    const [light, dark] = tabColors[statusColor] ?? ['#616161', '#c5c5c5'];
    const picture = (color: string): vscode.Uri => {
        const svg = iconText(statusIcon).replaceAll('currentColor', color);
        return vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
    };
    return { light: picture(light), dark: picture(dark) };
}
