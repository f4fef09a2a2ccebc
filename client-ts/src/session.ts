import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { getToken } from './auth';
import { forwardCommand } from './commands';
import { DetailsDocuments, detailsScheme, openDetails } from './documents';
import { Emulator, openSample } from './emulator';
import { ActiveRuns } from './model/activeRuns';
import * as protocol from './protocol.gen';
import { answer, listen, request } from './rpc';
import { RunLogs } from './runLogs';
import { Server, type Surroundings } from './server';
import { showInput } from './ui/input';
import { showPick, updatePick } from './ui/pick';
import { StatusBar } from './views/statusBar';
import { WorkspaceTree } from './views/workspaceTree';

/** Everything that exists while the extension is active: the server, and what shows its answers. */
export class Session implements vscode.Disposable {
    readonly #disposables: { dispose(): unknown }[] = [];
    readonly #output: vscode.LogOutputChannel;
    readonly #emulator: Emulator;
    readonly #context: vscode.ExtensionContext;
    readonly #statusBar = new StatusBar();
    readonly #runs = new ActiveRuns();
    readonly #tree: WorkspaceTree;
    readonly #logs: RunLogs;
    readonly #view: vscode.TreeView<protocol.TreeNode>;
    #server: Server | undefined;

    constructor(context: vscode.ExtensionContext) {
        this.#context = context;
        this.#output = vscode.window.createOutputChannel('Azure ML', { log: true });
        this.#emulator = new Emulator(context, this.#output);
        this.#tree = new WorkspaceTree({
            children: async (id) =>
                (await request(this.#client, protocol.TreeChildren, id === undefined ? {} : { id })).nodes,
        });
        this.#logs = new RunLogs((params, cancel) => request(this.#client, protocol.RunsLog, params, cancel));
        const details = new DetailsDocuments((id) => request(this.#client, protocol.TreeDetails, { id }));
        this.#disposables.push(vscode.workspace.registerTextDocumentContentProvider(detailsScheme, details));
        this.#view = vscode.window.createTreeView('azureml.workspaces', {
            treeDataProvider: this.#tree,
            showCollapseAll: true,
        });
        this.#disposables.push(
            this.#output,
            this.#emulator,
            this.#statusBar,
            this.#tree,
            this.#logs,
            this.#view,
        );
        this.#registerCommands();
    }

    dispose(): void {
        this.#server?.dispose();
        for (const disposable of this.#disposables.reverse()) disposable.dispose();
    }

    async start(): Promise<void> {
        try {
            const surroundings: Surroundings = Emulator.inUse
                ? await this.#emulator.start()
                : { environment: {} };
            this.#server = new Server(this.#context, this.#output, surroundings);
            this.#answerServer(this.#client);
            await this.#server.start();
            const { state } = await request(this.#client, protocol.AuthStatus, {});
            await setContext('azureml.auth', state);
        } catch (error) {
            const message = error instanceof Error ? error.message : String(error);
            this.#output.error(message);
            void vscode.window.showErrorMessage(message);
        }
    }

    async stop(): Promise<void> {
        await this.#server?.client.stop();
    }

    /** Connects the server's requests and notifications with what shows them. */
    #answerServer(client: LanguageClient): void {
        answer(client, protocol.UiPick, showPick);
        answer(client, protocol.UiInput, (params, cancel) =>
            showInput(
                params,
                async (token, value) =>
                    (await request(client, protocol.UiValidateInput, { token, value })).message,
                cancel,
            ),
        );
        answer(client, protocol.AuthGetToken, getToken);
        answer(client, protocol.TreeReveal, async ({ path }) => {
            const node = await this.#tree.locate(path);
            if (node) await this.#view.reveal(node, { select: true, focus: false, expand: true });
            return null;
        });
        listen(client, protocol.UiDidChangePick, updatePick);
        listen(client, protocol.TreeDidChange, ({ ids }) => {
            this.#tree.refresh(ids);
        });
        listen(client, protocol.RunsDidChange, ({ runs }) => {
            this.#runs.update(runs);
            this.#showActiveRuns();
        });
        listen(client, protocol.RunsDidChangeRepeatable, ({ scripts }) => {
            void setContext(
                'azureml.repeatableScripts',
                Object.fromEntries(scripts.map((uri) => [vscode.Uri.parse(uri).fsPath, true])),
            );
        });
        listen(client, protocol.MlDidChangeWorkspace, (current) => {
            this.#statusBar.showWorkspace(current);
        });
        listen(client, protocol.AuthDidChange, ({ state }) => {
            void setContext('azureml.auth', state);
        });
    }

    #registerCommands(): void {
        const local: Record<string, (node: protocol.TreeNode) => unknown> = {
            'azureml.viewDetails': openDetails,
            'azureml.run.showLog': (node) => this.#logs.show(node),
            'azureml.openInPortal': (node) =>
                vscode.env.openExternal(vscode.Uri.parse(node.portalUrl ?? '', true)),
            'azureml.copyName': (node) => vscode.env.clipboard.writeText(node.label),
            'azureml.copyId': (node) => vscode.env.clipboard.writeText(node.resourceId ?? node.id),
            'azureml.copyLink': (node) => vscode.env.clipboard.writeText(node.portalUrl ?? ''),
            'azureml.tryWithoutAzure': () => openSample(this.#context),
            'azureml.showOutput': () => {
                this.#output.show();
            },
            'azureml.restartServer': () => this.#server?.restart(),
        };
        for (const [id, run] of Object.entries(local)) {
            this.#disposables.push(vscode.commands.registerCommand(id, run));
        }
        const manifest = this.#context.extension.packageJSON as {
            contributes: { commands: { command: string }[] };
        };
        for (const { command } of manifest.contributes.commands) {
            if (!(command in local)) this.#disposables.push(forwardCommand(command, this.#forward));
        }
    }

    readonly #forward = async (command: string, args: unknown[]): Promise<unknown> =>
        this.#client.sendRequest('workspace/executeCommand', { command, arguments: args });

    #showActiveRuns(): void {
        const active = this.#runs.active;
        this.#statusBar.showActiveRuns(active);
        this.#view.badge =
            active.length === 0
                ? undefined
                : {
                      value: active.length,
                      tooltip: vscode.l10n.t('{0} active runs', active.length),
                  };
    }

    get #client(): LanguageClient {
        if (this.#server === undefined) {
            throw new Error(
                vscode.l10n.t('The Azure ML server is not running. See the Azure ML output for the reason.'),
            );
        }
        return this.#server.client;
    }
}

function setContext(key: string, value: unknown): Thenable<unknown> {
    return vscode.commands.executeCommand('setContext', key, value);
}
