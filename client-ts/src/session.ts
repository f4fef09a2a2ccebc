import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { getToken, listAccounts, onDidLoseAccount } from './auth';
import { forwardCommand, registerCommand, type Forward } from './commands';
import { openDetails, registerDetails } from './documents';
import { Emulator } from './emulator';
import { findServer } from './findServer';
import { ActiveRuns } from './model/activeRuns';
import { deferred } from './model/deferred';
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
        const options = { treeDataProvider: this.#tree, showCollapseAll: true };
        this.#view = vscode.window.createTreeView('azureml.workspaces', options);
        const shown = [this.#output, this.#statusBar, this.#serverStatus, this.#logs, this.#tree, this.#view];
        this.#disposables.push(
            ...shown,
            this.#emulator,
            registerDetails((id) => this.#ask(protocol.TreeDetails, { id })),
            onDidLoseAccount(() => void this.#signOut()),
            vscode.workspace.onDidChangeConfiguration((change) => void this.#reconfigure(change)),
            vscode.window.onDidChangeWindowState(({ focused }) => void (focused && this.#lookAgain())),
        );
        this.#registerCommands();
        void this.#connect(); // What needs the server waits for it.
    }

    dispose(): void {
        this.#server?.dispose();
        for (const disposable of this.#disposables.reverse()) disposable.dispose();
    }

    async stop(): Promise<void> {
        await this.#server?.stop();
    }

    /** Starts the server, or shows why there is none. */
    async #connect(): Promise<void> {
        this.#connected = deferred();
        this.#server?.dispose();
        this.#server = undefined;
        try {
            const server = new Server(await this.#launch(), this.#output);
            this.#server = server;
            server.onDidChangeHealth((health) => this.#showHealth(health));
            this.#connected.resolve(server);
            await server.start();
            if (Emulator.inUse) void this.#sample.greet();
        } catch (error) {
            const reason = error instanceof Error ? error.message : String(error);
            this.#output.error(reason);
            this.#connected.reject(new Error(reason));
            this.#showHealth({ kind: 'stopped', reason });
        }
    }

    async #launch(): Promise<Launch> {
        const common = {
            program: findServer(this.#context),
            stateDirectory: this.#context.globalStorageUri.fsPath,
            connect: this.#answerServer.bind(this),
            ready: this.#catchUp.bind(this),
        };
        if (!Emulator.inUse) return { ...common, settings: cloudSettings(), environment: {} };
        const emulator = await this.#emulator.start();
        const environment = {
            AZURE_TENANT_ID: emulator.tenantId,
            AZURE_CLIENT_ID: emulator.clientId,
            AZURE_CLIENT_SECRET: emulator.clientSecret,
        };
        const settings = { armEndpoint: emulator.armEndpoint, auth: 'servicePrincipal' };
        return { ...common, settings, environment };
    }

    async #reconfigure(change: vscode.ConfigurationChangeEvent): Promise<void> {
        const touches = (name: string): boolean => change.affectsConfiguration(name);
        if (touches('azureml.useEmulator') || touches('azureml.server')) {
            await this.#connect();
        } else if ((touches('azureml') || touches('http')) && !Emulator.inUse) {
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
        const { secrets } = this.#context;
        answer(client, protocol.AuthReadSecret, async ({ key }) => {
            const value = await secrets.get(key);
            return value === undefined ? {} : { value };
        });
        answer(client, protocol.AuthStoreSecret, async ({ key, value }) => {
            await (value === undefined ? secrets.delete(key) : secrets.store(key, value));
            return null;
        });
        answer(client, protocol.TreeReveal, async ({ path }) => {
            const id = await this.#tree.locate(path);
            if (id !== undefined) await this.#view.reveal(id, { select: true, focus: false });
            return null;
        });
        listen(client, protocol.UiDidChangePick, updatePick);
        listen(client, protocol.TreeDidChange, ({ ids }) => void this.#tree.refresh(ids));
        listen(client, protocol.RunsDidChange, ({ runs }) => this.#showRuns(runs));
        listen(client, protocol.RunsDidChangeRepeatable, ({ scripts }) => this.#showRepeatable(scripts));
        listen(client, protocol.MlDidChangeWorkspace, (current) => this.#statusBar.showWorkspace(current));
        listen(client, protocol.AuthDidChange, (info) => this.#showAccount(info));
    }

    /** The server only tells what changes: a new one is asked for what is so. */
    async #catchUp(client: LanguageClient): Promise<void> {
        try {
            this.#runs = new ActiveRuns();
            await this.#lookAgain();
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

    /** Signs out at once when the editor's account is gone, unless the server uses another way by now. */
    async #signOut(): Promise<void> {
        const { method } = await this.#ask(protocol.AuthStatus, {});
        if (method === 'editor') await this.#forward('azureml.signOut', []);
    }

    readonly #forward: Forward = async (command, args) => {
        const client = await this.#client();
        const result = await client.sendRequest('workspace/executeCommand', { command, arguments: args });
        if (command === 'azureml.refresh') await this.#lookAgain();
        return result;
    };

    #registerCommands(): void {
        const onNode = (run: (node: protocol.TreeNode) => unknown) => (id: unknown) => {
            const node = typeof id === 'string' ? this.#tree.node(id) : undefined;
            return node && run(node);
        };
        const local: Record<string, (first: unknown) => unknown> = {
            'azureml.viewDetails': onNode(openDetails),
            'azureml.run.showLog': onNode((node) => this.#logs.show(node)),
            'azureml.newRun': (id) => vscode.commands.executeCommand('azureml.runAsExperiment', id),
            'azureml.tryWithoutAzure': () => this.#tryWithoutAzure(),
            'azureml.showOutput': () => this.#output.show(),
            'azureml.restartServer': () => (this.#server ? this.#server.restart() : this.#connect()),
        };
        for (const [id, run] of Object.entries(local)) this.#disposables.push(registerCommand(id, run));
        type Manifest = { contributes: { commands: { command: string }[] } };
        for (const { command } of (this.#context.extension.packageJSON as Manifest).contributes.commands) {
            if (!(command in local)) this.#disposables.push(forwardCommand(command, this.#forward));
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
                await new Promise((resolve) => setTimeout(resolve, 100)); // Until its end is noticed.
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
