import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { getToken, listAccounts, onDidChangeAccounts } from './auth';
import { forwardCommand, registerCommand, type Contribution } from './commands';
import { registerDebugging, startDebugging } from './debugging';
import { openDetails, registerDetails, registerRunDocuments } from './documents';
import { Emulator, type Ready } from './emulator';
import { Logs } from './logs/logs';
import { RowRevealer } from './model/rowRevealer';
import { findProgram } from './programs';
import * as protocol from './protocol.gen';
import { Sample } from './sample';
import { isInterrupted, Server, type Health, type ServerUser } from './server';
import type { Launch } from './serverProcess';
import { showChanges } from './ui/changes';
import { showInput } from './ui/input';
import { showPick, updatePick } from './ui/pick';
import { pickFolder } from './ui/pickFolder';
import { RunPanels } from './views/runPanels';
import { RunsPanels } from './views/runsPanels';
import { ServerStatus } from './views/serverStatus';
import { StatusBar } from './views/statusBar';
import { WorkspaceTree } from './views/workspaceTree';

/** Everything that exists while the extension is active: the server, and what shows its answers. */
export class Session implements vscode.Disposable, ServerUser {
    readonly #context: vscode.ExtensionContext;
    readonly #disposables: { readonly dispose: () => unknown }[] = [];
    readonly #output = vscode.window.createOutputChannel('Azure ML', { log: true });
    readonly #server: Server;
    readonly #emulator: Emulator;
    readonly #sample: Sample;
    readonly #statusBar = new StatusBar();
    readonly #serverStatus = new ServerStatus();
    readonly #logs: Logs;
    readonly #runPanels: RunPanels;
    readonly #runsPanels: RunsPanels;
    readonly #tree: WorkspaceTree;
    readonly #view: vscode.TreeView<string>;
    readonly #rows: RowRevealer;

    constructor(context: vscode.ExtensionContext) {
        this.#context = context;
        this.#emulator = new Emulator(context);
        this.#sample = new Sample(context);
        this.#logs = new Logs(
            (question) => this.#ask(question),
            (run) => this.#tree.node(run)?.label ?? run.split('/').at(-1) ?? run,
        );
        this.#tree = new WorkspaceTree(
            (id) => this.#children(id),
            async (id) =>
                (await this.#ask((client) => client.sendRequest(protocol.TreeTooltip, { id }))).tooltip,
        );
        this.#view = vscode.window.createTreeView('azureml.workspaces', {
            treeDataProvider: this.#tree,
            showCollapseAll: true,
        });
        this.#rows = new RowRevealer(this.#view, setTimeout);
        this.#server = new Server(this, this.#output);
        this.#runsPanels = new RunsPanels(context, (question) => this.#ask(question));
        this.#runPanels = new RunPanels(
            context,
            (question) => this.#ask(question),
            (id) => this.#revealRow(id),
        );
        this.#disposables.push(
            this.#output,
            this.#statusBar,
            this.#serverStatus,
            this.#logs,
            this.#runPanels,
            this.#runsPanels,
            this.#tree,
            this.#view,
            this.#emulator,
            registerDebugging((given) => this.#execute('azureml.resolveDebugging', given)),
            registerRunDocuments((question) => this.#ask(question)),
            registerDetails((id) => this.#ask((client) => client.sendRequest(protocol.TreeDetails, { id }))),
            onDidChangeAccounts(() => {
                const tell = (client: LanguageClient) =>
                    client.sendNotification(protocol.AuthDidChangeAccounts);
                this.#inBackground(this.#ask(tell));
            }),
            vscode.workspace.onDidChangeConfiguration((change) => {
                this.#inBackground(this.#reconfigure(change));
            }),
            vscode.window.onDidChangeWindowState(({ focused }) => {
                if (focused) this.#inBackground(this.#lookAgain());
            }),
        );
        this.#registerCommands();
        this.#inBackground(this.#server.restart()); // What needs the server waits for it.
    }

    dispose(): void {
        for (const disposable of this.#disposables.reverse()) disposable.dispose();
    }

    async stop(): Promise<void> {
        return this.#server.stop();
    }

    async prepare(): Promise<Launch> {
        const program = findProgram(this.#context);
        const stateDirectory = this.#context.globalStorageUri.fsPath;
        const emulator = await this.#runningEmulator();
        const { protocolVersion } = protocol;
        const options = { protocolVersion, stateDirectory, ...settingsFor(emulator) };
        if (emulator === undefined) return { program, environment: {}, options };
        const environment = {
            AZURE_TENANT_ID: emulator.tenantId,
            AZURE_CLIENT_ID: emulator.clientId,
            AZURE_CLIENT_SECRET: emulator.clientSecret,
        };
        return { program, environment, options };
    }

    /** Absent when Azure itself is used. */
    async #runningEmulator(): Promise<Ready | undefined> {
        return Emulator.inUse ? this.#emulator.start() : undefined;
    }

    async #reconfigure(change: vscode.ConfigurationChangeEvent): Promise<void> {
        const touches = (name: string): boolean => change.affectsConfiguration(name);
        if (touches('azureml.useEmulator') || touches('azureml.server')) {
            await this.#server.restart();
        } else if (touches('azureml') || touches('http')) {
            const client = await this.#server.running;
            const settings = { azureml: settingsFor(await this.#runningEmulator()) };
            await client.sendNotification('workspace/didChangeConfiguration', { settings });
        }
    }

    /** Connects the server's requests and notifications with what shows them. */
    connect(client: LanguageClient): void {
        const { secrets } = this.#context;
        client.onRequest(protocol.UiPick, showPick);
        client.onRequest(protocol.UiInput, (params, cancel) => {
            const validate = async (token: string, value: string): Promise<string | undefined> =>
                (await client.sendRequest(protocol.UiValidateInput, { token, value })).message;
            return showInput(params, validate, cancel);
        });
        client.onRequest(protocol.UiPickFolder, pickFolder);
        client.onRequest(protocol.UiShowChanges, showChanges);
        client.onRequest(protocol.UiCopy, async ({ text }) => {
            await vscode.env.clipboard.writeText(text);
            return null;
        });
        client.onRequest(protocol.AuthGetToken, getToken);
        client.onRequest(protocol.AuthAccounts, listAccounts);
        client.onRequest(protocol.AuthReadSecret, async ({ key }) => {
            const value = await secrets.get(key);
            return value === undefined ? {} : { value };
        });
        client.onRequest(protocol.AuthStoreSecret, async ({ key, value }) => {
            await (value === undefined ? secrets.delete(key) : secrets.store(key, value));
            return null;
        });
        client.onRequest(protocol.UiShowRun, async ({ id, log }) => {
            await (log === true ? this.#logs : this.#runPanels).show(id);
            return null;
        });
        client.onRequest(protocol.TreeReveal, async ({ path }) => {
            const id = await this.#tree.locate(path);
            if (id !== undefined) await this.#rows.reveal(id);
            return null;
        });
        client.onNotification(protocol.UiDidChangePick, updatePick);
        client.onNotification(protocol.TreeDidChange, (change) => this.#tree.refresh(change));
        client.onNotification(protocol.RunsDidChangeSummary, (now) => this.#showRuns(now));
        client.onNotification(protocol.RunsDidChangeRepeatable, ({ scripts }) =>
            this.#showRepeatable(scripts),
        );
        client.onNotification(protocol.MlDidChangeWorkspace, (now) => this.#statusBar.showWorkspace(now));
        client.onNotification(protocol.AuthDidChange, (info) => this.#showAccount(info));
    }

    ready(client: LanguageClient): void {
        this.#inBackground(this.#catchUp(client));
    }

    /** The server only tells what changes: a new one is asked for what is so. */
    async #catchUp(client: LanguageClient): Promise<void> {
        const showsOldRows = this.#tree.isListed;
        await this.#lookAgain();
        this.#statusBar.showWorkspace(await client.sendRequest(protocol.MlWorkspace));
        this.#showAccount(await client.sendRequest(protocol.AuthStatus));
        if (showsOldRows) this.#tree.refresh();
        if (Emulator.inUse) await this.#sample.greet();
    }

    /** Sees what other windows have submitted meanwhile. */
    async #lookAgain(): Promise<void> {
        const client = await this.#server.running;
        this.#showRuns((await client.sendRequest(protocol.RunsList, { activeOnly: true })).summary);
    }

    #registerCommands(): void {
        const onNode = (run: (node: protocol.TreeNode) => unknown) => (id: unknown) => {
            const node = typeof id === 'string' ? this.#tree.node(id) : undefined;
            return node && run(node);
        };
        const local: Record<string, (first: unknown, second: unknown) => unknown> = {
            'azureml.viewDetails': onNode(openDetails),
            'azureml.run.showLog': (run, path) => this.#logs.show(run, path),
            'azureml.run.chooseLog': (run) => this.#logs.choose(run),
            'azureml.log.download': (log) => this.#logs.download(log),
            'azureml.runs.show': (row) => this.#runsPanels.show(row),
            'azureml.run.show': (run) => this.#runPanels.show(run),
            'azureml.debugLocally': startDebugging,
            'azureml.tryWithoutAzure': () => this.#tryWithoutAzure(),
            'azureml.showOutput': () => {
                this.#output.show();
            },
            'azureml.restartServer': () => this.#server.restart(),
        };
        for (const [id, run] of Object.entries(local)) this.#disposables.push(registerCommand(id, run));
        const manifest = this.#context.extension.packageJSON as { contributes: { commands: Contribution[] } };
        for (const command of manifest.contributes.commands) {
            if (!(command.command in local)) this.#disposables.push(forwardCommand(command, this.#server));
        }
    }

    async #tryWithoutAzure(): Promise<void> {
        const title = vscode.l10n.t('Starting the local Azure ML');
        const location = vscode.ProgressLocation.Notification;
        const emulator = await vscode.window.withProgress({ location, title }, () => this.#emulator.start());
        await this.#sample.open(emulator);
    }

    /** Shows a row, or at least the tree when that has not listed it yet. */
    async #revealRow(id: string): Promise<void> {
        if (this.#tree.node(id) === undefined)
            await vscode.commands.executeCommand('azureml.workspaces.focus');
        else await this.#rows.reveal(id);
    }

    async #children(id: string | undefined): Promise<protocol.TreeNode[]> {
        const params = id === undefined ? {} : { id };
        const { nodes } = await this.#ask((client) => client.sendRequest(protocol.TreeChildren, params));
        if (id === undefined) setContext('azureml.empty', nodes.length === 0);
        return nodes;
    }

    /** Asks a question that may be asked again: a server that ends meanwhile is followed by another. */
    async #ask<Result>(question: (client: LanguageClient) => Promise<Result>): Promise<Result> {
        for (;;) {
            try {
                return await question(await this.#server.running);
            } catch (error) {
                if (!isInterrupted(error)) throw error;
                await setTimeout(100); // Until its end is noticed.
            }
        }
    }

    async #execute<Result>(command: string, given: unknown[]): Promise<Result> {
        const params = { command, arguments: given };
        return (await this.#server.running).sendRequest('workspace/executeCommand', params);
    }

    /** For what nobody waits for: it fails when the server ends, which is shown already. */
    #inBackground(work: Promise<unknown>): void {
        work.catch((error: unknown) => this.#output.debug(String(error)));
    }

    showHealth(health: Health): void {
        this.#serverStatus.show(health);
        setContext('azureml.server', health.kind);
    }

    #showAccount({ state, account }: protocol.AuthInfo): void {
        setContext('azureml.auth', state);
        this.#view.description = Emulator.inUse ? vscode.l10n.t('on this computer') : (account ?? '');
    }

    #showRuns(summary: protocol.RunsSummary): void {
        const { active: value, text: tooltip = '' } = summary;
        this.#statusBar.showRuns(summary);
        this.#view.badge = value === 0 ? undefined : { value, tooltip };
    }

    #showRepeatable(scripts: readonly string[]): void {
        const paths = scripts.map((uri) => [vscode.Uri.parse(uri).fsPath, true] as const);
        setContext('azureml.repeatableScripts', scripts.length > 0 && Object.fromEntries(paths));
    }
}

/** What the server is told: which Azure, how to sign in and to get there, what the user wants to hear of. */
function settingsFor(emulator: Ready | undefined): protocol.Settings {
    const settings = vscode.workspace.getConfiguration('azureml');
    const runEndNotification = settings.get('runEndNotification', 'always');
    if (emulator !== undefined)
        return { armEndpoint: emulator.armEndpoint, auth: 'servicePrincipal', runEndNotification };
    const network = vscode.workspace.getConfiguration('http'); // The editor's own settings decide about proxies.
    return {
        armEndpoint: settings.get('armEndpoint', ''),
        auth: settings.get('auth', 'auto'),
        proxy: network.get('proxy', ''),
        noProxy: network.get('noProxy', []),
        caFile: settings.get('caFile', ''),
        runEndNotification,
    };
}

function setContext(key: string, value: unknown): void {
    void vscode.commands.executeCommand('setContext', key, value);
}
