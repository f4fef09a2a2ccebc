import * as vscode from 'vscode';
import type { RunsAction, TableView } from '../../webview/runs/contract';
import * as protocol from '../protocol.gen';
import { forward, loadPage, PagePanels, type Ask, type PagePanel } from './pagePanels';
import { runsTexts } from './runsTexts';
import { SavedViewStore } from './savedViews';
import { tabIcon } from './tabIcon';

/** The pages with a table of runs: of an experiment, or of all in a workspace. */
export class RunsPanels implements vscode.Disposable {
    readonly #ask: Ask;
    readonly #panels: PagePanels;

    constructor(context: vscode.ExtensionContext, ask: Ask) {
        this.#ask = ask;
        const views = new SavedViewStore(context.workspaceState);
        this.#panels = new PagePanels(
            'azureml.runs',
            (panel, id) => new RunsPanel(panel, id, { context, ask, views }),
        );
    }

    dispose(): void {
        this.#panels.dispose();
    }

    /** Opens the table of a row of the tree. Without one the user chooses in the workspace in use. */
    async show(row: unknown): Promise<void> {
        const id = typeof row === 'string' ? row : await this.#choose();
        if (id !== undefined) this.#panels.show(id, vscode.l10n.t('Runs'));
    }

    async #choose(): Promise<string | undefined> {
        const { workspace } = await this.#ask((client) => client.sendRequest(protocol.MlWorkspace));
        if (workspace === undefined) {
            await vscode.commands.executeCommand('azureml.selectWorkspace');
            return undefined;
        }
        const all = { label: workspace.name, description: vscode.l10n.t('All experiments') };
        const items = [{ ...all, id: workspace.id.toLowerCase() }, ...(await this.#experiments(workspace))];
        const placeHolder = vscode.l10n.t('Experiment whose runs to show');
        return (await vscode.window.showQuickPick(items, { placeHolder }))?.id;
    }

    async #experiments(workspace: protocol.WorkspaceInfo): Promise<{ label: string; id: string }[]> {
        const children = async (id: string): Promise<protocol.TreeNode[]> =>
            (await this.#ask((client) => client.sendRequest(protocol.TreeChildren, { id }))).nodes;
        const rows = await children(workspace.id.toLowerCase());
        const folder = rows.find(({ contextValue }) => contextValue === 'folder.experiments');
        const experiments = folder === undefined ? [] : await children(folder.id);
        return experiments.filter(({ contextValue }) => contextValue === 'experiment');
    }
}

interface PanelContext {
    readonly context: vscode.ExtensionContext;
    readonly ask: Ask;
    readonly views: SavedViewStore;
}

/** A table of runs. What it asks and has done is about its own workspace. */
class RunsPanel implements PagePanel {
    readonly #panel: vscode.WebviewPanel;
    readonly #id: string;
    readonly #context: PanelContext;

    constructor(panel: vscode.WebviewPanel, id: string, context: PanelContext) {
        this.#panel = panel;
        this.#id = id;
        this.#context = context;
        panel.iconPath = tabIcon('table');
        loadPage<RunsAction>(panel, context.context, {
            name: 'runs',
            id,
            texts: runsTexts(),
            ask: (method, params, signal) => this.#ask(method, params, signal),
            act: (action) => this.#act(action),
        });
    }

    isAbout(): boolean {
        return false;
    }

    async #ask(method: string, page: object, signal: AbortSignal): Promise<unknown> {
        const { ask, views } = this.#context;
        switch (method) {
            case 'runs/query': {
                // Whatever the page says it is about.
                const params = { ...page, id: this.#id };
                const result = await forward<protocol.RunsQueryResult>(ask, method, params, signal);
                this.#panel.title = result.title;
                return result;
            }
            case 'runs/series':
            case 'runs/table':
            case 'runs/star':
                this.#check((page as { id: string }).id);
                return forward(ask, method, page, signal);
            case 'views/list':
                return views.list(this.#id);
            case 'views/keep': {
                const { name, view } = page as { name: string; view?: TableView };
                return views.keep(this.#id, name, view);
            }
            default:
                throw new Error(`A page may not ask for ${method}.`);
        }
    }

    #act(action: RunsAction): void {
        switch (action.kind) {
            case 'signIn':
                void vscode.commands.executeCommand('azureml.signIn');
                break;
            case 'open':
                this.#check(action.run);
                void vscode.commands.executeCommand('azureml.run.show', action.run);
                break;
            case 'compare':
            case 'compareCode': {
                this.#check(action.left);
                this.#check(action.right);
                const command =
                    action.kind === 'compare' ? 'azureml.runs.compare' : 'azureml.run.compareCode';
                void vscode.commands.executeCommand(command, action.left, action.right);
                break;
            }
            case 'copy':
                void vscode.env.clipboard.writeText(action.text);
                break;
        }
    }

    /** A run of another workspace is none of the page's business. */
    #check(run: string): void {
        const workspace = this.#id.replace(/#.*$/, '');
        if (!run.toLowerCase().startsWith(`${workspace}/jobs/`))
            throw new Error(`${run} is not in this table.`);
    }
}
