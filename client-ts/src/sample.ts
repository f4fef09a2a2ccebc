import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Ready } from './emulator';

const script = 'train_universal.py';
const greetedKey = 'azureml.sampleGreeted';

/** The sample project, set up to run on the local Azure ML. */
export class Sample {
    readonly #context: vscode.ExtensionContext;
    readonly #folder: string;

    constructor(context: vscode.ExtensionContext) {
        this.#context = context;
        this.#folder = path.join(context.globalStorageUri.fsPath, 'sample', 'mnist-starter');
    }

    /** Opens the sample; files of a copy made earlier are left as they are. */
    async open({ subscriptionId, resourceGroup, workspace }: Ready): Promise<void> {
        await fs.cp(this.#context.asAbsolutePath('sample'), this.#folder, { recursive: true, force: false });
        await this.#write('.vscode/settings.json', { 'azureml.useEmulator': true });
        await this.#write('.azureml/config.json', {
            subscription_id: subscriptionId,
            resource_group: resourceGroup,
            workspace_name: workspace,
        });
        await this.#context.globalState.update(greetedKey, false);
        if (this.#isHere) return this.greet();
        // What is open in this window stays open.
        const forceNewWindow = vscode.workspace.workspaceFolders !== undefined;
        const uri = vscode.Uri.file(this.#folder);
        await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow });
    }

    /** Shows whoever has just opened the sample what to do with it. */
    async greet(): Promise<void> {
        if (!this.#isHere || this.#context.globalState.get<boolean>(greetedKey) !== false) return;
        await this.#context.globalState.update(greetedKey, true);
        const uri = vscode.Uri.file(path.join(this.#folder, script));
        await vscode.window.showTextDocument(uri);
        await vscode.commands.executeCommand('azureml.workspaces.focus');
        const run = vscode.l10n.t('Run as Experiment');
        const choice = await vscode.window.showInformationMessage(
            vscode.l10n.t(
                'This sample runs on a local Azure ML, as it would in Azure. Start with {0}.',
                script,
            ),
            run,
        );
        if (choice === run) await vscode.commands.executeCommand('azureml.runAsExperiment', uri);
    }

    get #isHere(): boolean {
        return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath === this.#folder;
    }

    async #write(file: string, value: unknown): Promise<void> {
        const target = path.join(this.#folder, file);
        await fs.mkdir(path.dirname(target), { recursive: true });
        await fs.writeFile(target, `${JSON.stringify(value, undefined, 4)}\n`);
    }
}
