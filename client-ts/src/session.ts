import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { getToken, listAccounts, readSecret, storeSecret } from './auth';
import { forwardCommand, registerCommand } from './commands';
import { DetailsDocuments, detailsScheme, openDetails } from './documents';
import { Emulator } from './emulator';
import { findServer } from './findServer';
import { ActiveRuns } from './model/activeRuns';
import { deferred } from './model/deferred';
import { nameToCopy } from './model/treeNodes';
import * as protocol from './protocol.gen';
import { answer, isInterrupted, listen, request } from './rpc';
import { RunLogs } from './runLogs';
import { Sample } from './sample';
import { Server, type Health, type Launch } from './server';
import { showInput } from './ui/input';
import { showPick, updatePick } from './ui/pick';
import { ServerStatus } from './views/serverStatus';
import { StatusBar, countText } from './views/statusBar';
import { WorkspaceTree } from './views/workspaceTree';

/** Everything that exists while the extension is active: the server, and what shows its answers. */
export class Session implements vscode.Disposable {
    readonly #context: vscode.ExtensionContext;
    readonly #disposables: { dispose(): unknown }[] = [];
    readonly #output = vscode.window.createOutputChannel('Azure ML', { log: true });
    readonly #emulator: Emulator;
    readonly #sample: Sample;
    readonly #statusBar = new StatusBar();
    readonly #serverStatus = new ServerStatus();
    readonly #logs: RunLogs;
    readonly #tree: WorkspaceTree;
    readonly #view: vscode.TreeView<string>;
    #runs = new ActiveRuns();
    #connected = deferred<Server>();
    #server: Server | undefined;

    constructor(context: vscode.ExtensionContext) {
        this.#context = context;
        this.#emulator = new Emulator(context);
        this.#sample = new Sample(context);
        this.#logs = new RunLogs((params, cancel) => this.#ask(protocol.RunsLog, params, cancel));
        this.#tree = new WorkspaceTree((id) => this.#children(id));
        this.#view = vscode.window.createTreeView('azureml.workspaces', {
            treeDataProvider: this.#tree,
            showCollapseAll: true,
        });
        const details = new DetailsDocuments((id) => this.#ask(protocol.TreeDetails, { id }));
        const shown = [this.#output, this.#statusBar, this.#serverStatus, this.#logs, this.#tree, this.#view];
        this.#disposables.push(
            ...shown,
            this.#emulator,
            vscode.workspace.registerTextDocumentContentProvider(detailsScheme, details),
            vscode.workspace.onDidChangeConfiguration((change) => void this.#reconfigure(change)),
            vscode.window.onDidChangeWindowState(({ focused }) => {
                if (focused && this.#server !== undefined) void this.#lookAgain();
            }),
        );
        this.#registerCommands();
    }

    dispose(): void {
        this.#server?.dispose();
        for (const disposable of this.#disposables.reverse()) disposable.dispose();
    }

    /** Starts the server, or shows why there is none. Returns without waiting for it. */
    start(): void {
        void this.#connect();
    }

    async stop(): Promise<void> {
        await this.#server?.stop();
    }

    async #connect(): Promise<void> {
        this.#server?.dispose();
        this.#server = undefined;
        try {
            const server = new Server(await this.#launch(), this.#output);
            this.#server = server;
            server.onDidChangeHealth((health) => {
                this.#showHealth(health);
            });
            this.#connected.resolve(server);
            await server.start();
            if (Emulator.inUse) await this.#sample.greet();
        } catch (error) {
            const reason = error instanceof Error ? error.message : String(error);
            this.#output.error(reason);
            this.#connected.reject(new Error(reason));
            this.#showHealth({ kind: 'stopped', reason });
        }
    }

    async #reconnect(): Promise<void> {
        this.#connected = deferred();
        await this.#connect();
    }

    async #launch(): Promise<Launch> {
        const program = findServer(this.#context);
        const common = {
            program,
            stateDirectory: this.#context.globalStorageUri.fsPath,
            connect: (client: LanguageClient) => {
                this.#answerServer(client);
            },
            ready: (client: LanguageClient) => void this.#catchUp(client),
        };
        if (!Emulator.inUse) return { ...common, settings: cloudSettings(), environment: {} };
        const emulator = await this.#emulator.start();
        const environment = {
            AZURE_TENANT_ID: emulator.tenantId,
            AZURE_CLIENT_ID: emulator.clientId,
            AZURE_CLIENT_SECRET: emulator.clientSecret,
        };
        const { armEndpoint } = emulator;
        return { ...common, settings: { armEndpoint, auth: 'servicePrincipal' }, environment };
    }

    async #reconfigure(change: vscode.ConfigurationChangeEvent): Promise<void> {
        if (
            change.affectsConfiguration('azureml.useEmulator') ||
            change.affectsConfiguration('azureml.server')
        ) {
            await this.#reconnect();
        } else if (['azureml', 'http'].some((name) => change.affectsConfiguration(name)) && !Emulator.inUse) {
            const settings = { azureml: cloudSettings() };
            await (await this.#client()).sendNotification('workspace/didChangeConfiguration', { settings });
        }
    }

    /** Connects the server's requests and notifications with what shows them. */
    #answerServer(client: LanguageClient): void {
        answer(client, protocol.UiPick, showPick);
        answer(client, protocol.UiInput, (params, cancel) => {
            const validate = async (token: string, value: string): Promise<string | undefined> =>
                (await request(client, protocol.UiValidateInput, { token, value })).message;
            return showInput(params, validate, cancel);
        });
        answer(client, protocol.UiCopy, async ({ text }) => {
            await vscode.env.clipboard.writeText(text);
            return null;
        });
        answer(client, protocol.AuthGetToken, getToken);
        answer(client, protocol.AuthAccounts, listAccounts);
        answer(client, protocol.AuthReadSecret, (params) => readSecret(this.#context.secrets, params));
        answer(client, protocol.AuthStoreSecret, (params) => storeSecret(this.#context.secrets, params));
        answer(client, protocol.TreeReveal, async ({ path }) => {
            const id = await this.#tree.locate(path);
            if (id !== undefined) await this.#view.reveal(id, { select: true, focus: false });
            return null;
        });
        listen(client, protocol.UiDidChangePick, updatePick);
        listen(client, protocol.TreeDidChange, ({ ids }) => void this.#tree.refresh(ids));
        listen(client, protocol.RunsDidChange, ({ runs }) => {
            this.#showRuns(runs);
        });
        listen(client, protocol.RunsDidChangeRepeatable, ({ scripts }) => {
            this.#showRepeatable(scripts);
        });
        listen(client, protocol.MlDidChangeWorkspace, (current) => {
            this.#statusBar.showWorkspace(current);
        });
        listen(client, protocol.AuthDidChange, (info) => {
            this.#showAccount(info);
        });
    }

    /** The server only tells what changes: a new one is asked for what is so. */
    async #catchUp(client: LanguageClient): Promise<void> {
        try {
            this.#runs = new ActiveRuns();
            this.#showRuns((await request(client, protocol.RunsList, { activeOnly: true })).runs);
            this.#statusBar.showWorkspace(await request(client, protocol.MlWorkspace, {}));
            this.#showAccount(await request(client, protocol.AuthStatus, {}));
            await this.#tree.refresh();
        } catch (error) {
            // It ended again; the next one is asked.
            this.#output.debug(String(error));
        }
    }

    /** Sees what other windows have submitted meanwhile. */
    async #lookAgain(): Promise<void> {
        try {
            this.#showRuns((await this.#ask(protocol.RunsList, { activeOnly: true })).runs);
        } catch (error) {
            this.#output.debug(String(error)); // There is no server, which is shown already.
        }
    }

    #registerCommands(): void {
        const onNode = (run: (node: protocol.TreeNode) => unknown) => (id: unknown) => {
            const node = typeof id === 'string' ? this.#tree.node(id) : undefined;
            return node && run(node);
        };
        const copy = (text: string | undefined): Thenable<void> => vscode.env.clipboard.writeText(text ?? '');
        const local: Record<string, (first: unknown) => unknown> = {
            'azureml.viewDetails': onNode(openDetails),
            'azureml.run.showLog': onNode((node) => {
                this.#logs.show(node);
            }),
            'azureml.copyName': onNode((node) => copy(nameToCopy(node))),
            'azureml.copyId': onNode((node) => copy(node.resourceId)),
            'azureml.copyLink': onNode((node) => copy(node.portalUrl)),
            'azureml.newRun': (id) => vscode.commands.executeCommand('azureml.runAsExperiment', id),
            'azureml.tryWithoutAzure': () => this.#tryWithoutAzure(),
            'azureml.showOutput': () => {
                this.#output.show();
            },
            'azureml.restartServer': () => (this.#server ? this.#server.restart() : this.#reconnect()),
        };
        for (const [id, run] of Object.entries(local)) this.#disposables.push(registerCommand(id, run));
        const manifest = this.#context.extension.packageJSON as {
            contributes: { commands: { command: string }[] };
        };
        const forward = async (command: string, args: unknown[]): Promise<unknown> => {
            const client = await this.#client();
            const result = await client.sendRequest('workspace/executeCommand', { command, arguments: args });
            if (command === 'azureml.refresh') await this.#lookAgain();
            return result;
        };
        for (const { command } of manifest.contributes.commands) {
            if (!(command in local)) this.#disposables.push(forwardCommand(command, forward));
        }
    }

    async #tryWithoutAzure(): Promise<void> {
        const title = vscode.l10n.t('Starting the local Azure ML');
        const location = vscode.ProgressLocation.Notification;
        const emulator = await vscode.window.withProgress({ location, title }, () => this.#emulator.start());
        await this.#sample.open(emulator);
    }

    async #children(id: string | undefined): Promise<protocol.TreeNode[]> {
        const { nodes } = await this.#ask(protocol.TreeChildren, id === undefined ? {} : { id });
        if (id === undefined) void setContext('azureml.empty', nodes.length === 0);
        return nodes;
    }

    /** Asks a question that may be asked again: a server that ends meanwhile is followed by another. */
    async #ask<Params, Result>(
        message: protocol.RequestOf<Params, Result>,
        params: Params,
        cancel?: vscode.CancellationToken,
    ): Promise<Result> {
        for (;;) {
            try {
                return await request(await this.#client(), message, params, cancel);
            } catch (error) {
                if (!isInterrupted(error)) throw error;
            }
        }
    }

    async #client(): Promise<LanguageClient> {
        return (await this.#connected.promise).running;
    }

    #showHealth(health: Health): void {
        this.#serverStatus.show(health);
        void setContext('azureml.server', health.kind);
    }

    #showAccount({ state, account }: protocol.AuthInfo): void {
        void setContext('azureml.auth', state);
        this.#view.description = Emulator.inUse ? vscode.l10n.t('on this computer') : (account ?? '');
    }

    #showRuns(changed: readonly protocol.Run[]): void {
        this.#runs.update(changed);
        const { active } = this.#runs;
        const value = active.length;
        this.#statusBar.showActiveRuns(active);
        this.#view.badge = value === 0 ? undefined : { value, tooltip: countText(value) };
    }

    #showRepeatable(scripts: readonly string[]): void {
        const paths = scripts.map((uri) => [vscode.Uri.parse(uri).fsPath, true] as const);
        void setContext('azureml.repeatableScripts', Object.fromEntries(paths));
        void setContext('azureml.canRepeat', scripts.length > 0);
    }
}

/** Which Azure, how to sign in, and how to get there; the editor's own settings decide about proxies. */
function cloudSettings(): protocol.Settings {
    const settings = vscode.workspace.getConfiguration('azureml');
    const network = vscode.workspace.getConfiguration('http');
    return {
        armEndpoint: settings.get('armEndpoint', ''),
        auth: settings.get('auth', 'auto'),
        proxy: network.get('proxy', ''),
        noProxy: network.get('noProxy', []),
        caFile: settings.get('caFile', ''),
    };
}

function setContext(key: string, value: unknown): Thenable<unknown> {
    return vscode.commands.executeCommand('setContext', key, value);
}
