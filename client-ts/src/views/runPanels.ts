import * as vscode from 'vscode';
import type { RunAction } from '../../webview/run/contract';
import { withChanges } from '../../webview/run/viewChanges';
import * as protocol from '../protocol.gen';
import { forward, loadPage, PagePanels, type Ask, type PagePanel } from './pagePanels';
import { runTexts } from './runTexts';
import { tabIcon } from './tabIcon';

const configurationScheme = 'azureml-configuration';

/** The pages about runs. */
export class RunPanels implements vscode.Disposable {
    readonly #ask: Ask;
    readonly #panels: PagePanels;
    readonly #configurations: vscode.Disposable;

    constructor(context: vscode.ExtensionContext, ask: Ask, reveal: (rowId: string) => unknown) {
        this.#ask = ask;
        this.#panels = new PagePanels(
            'azureml.run',
            (panel, id) => new RunPanel(panel, id, { context, ask, reveal }),
        );
        this.#configurations = vscode.workspace.registerTextDocumentContentProvider(configurationScheme, {
            provideTextDocumentContent: async ({ query: id }) =>
                (await ask((client) => client.sendRequest(protocol.RunsView, { id }))).configuration,
        });
    }

    dispose(): void {
        this.#configurations.dispose();
        this.#panels.dispose();
    }

    /** Opens the page about a run, or turns to it. Without one the user chooses among the runs that are followed. */
    async show(run: unknown): Promise<void> {
        const id = typeof run === 'string' ? run : await this.#choose();
        if (id === undefined) return;
        this.#panels.show(id, vscode.l10n.t('Run'));
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
}

interface PanelContext {
    readonly context: vscode.ExtensionContext;
    readonly ask: Ask;
    readonly reveal: (rowId: string) => unknown;
}

/** The page about one run. What it asks is about that run, and what it has done is to that run. */
class RunPanel implements PagePanel {
    readonly #panel: vscode.WebviewPanel;
    readonly #id: string;
    readonly #context: PanelContext;
    #view: protocol.RunView | undefined;

    constructor(panel: vscode.WebviewPanel, id: string, context: PanelContext) {
        this.#panel = panel;
        this.#id = id;
        this.#context = context;
        loadPage<RunAction>(panel, context.context, {
            name: 'run',
            id,
            texts: runTexts(),
            ask: (method, params, signal) => this.#ask(method, params, signal),
            act: (action) => this.#act(action),
        });
    }

    /** By its resource id or its row in the tree. */
    isAbout(id: string): boolean {
        return [this.#view?.id, this.#view?.nodeId].includes(id);
    }

    async #ask(method: string, page: object, signal: AbortSignal): Promise<unknown> {
        const { ask } = this.#context;
        // Whatever the page says it is about.
        const params = { ...page, id: this.#id };
        switch (method) {
            case 'runs/view': {
                const known = this.#view;
                const { revision } = params as { revision?: number };
                const isKnown = known !== undefined && known.revision === revision;
                const view = isKnown
                    ? withChanges(known, await forward(ask, 'runs/viewChanges', params, signal))
                    : await forward<protocol.RunView>(ask, method, params, signal);
                this.#show(view);
                return view;
            }
            case 'runs/series':
            case 'runs/table':
            case 'runs/file':
                return forward(ask, method, params, signal);
            default:
                throw new Error(`A page may not ask for ${method}.`);
        }
    }

    #show(view: protocol.RunView): void {
        this.#view = view;
        this.#panel.title = view.title;
        this.#panel.iconPath = tabIcon(view.statusIcon, view.statusColor);
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
            case 'openInPortal':
            case 'compareCode':
            case 'restoreCode':
            case 'repeatWithChanges':
                run(`azureml.run.${action.kind}`, view.nodeId);
                break;
            case 'repeat':
                if (view.script !== undefined) run('azureml.repeatLastRun', vscode.Uri.parse(view.script));
                break;
            case 'reveal':
                void this.#context.reveal(view.nodeId);
                break;
            case 'download':
                run('azureml.run.download', view.nodeId, action.path);
                break;
            case 'registerModel':
                run('azureml.model.register', view.nodeId, action.path);
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
