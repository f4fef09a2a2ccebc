import * as vscode from 'vscode';
import type { CurrentWorkspace, RunsSummary } from '../protocol.gen';

/** Two status bar items: the workspace in use, and what the user's runs are doing. */
export class StatusBar implements vscode.Disposable {
    readonly #workspace = itemOf('azureml.workspace', 20);
    readonly #runs = itemOf('azureml.runs', 19);

    constructor() {
        this.#workspace.name = vscode.l10n.t('Azure ML Workspace');
        this.#workspace.command = 'azureml.selectWorkspace';
        this.#runs.name = vscode.l10n.t('Azure ML Active Runs');
    }

    dispose(): void {
        this.#workspace.dispose();
        this.#runs.dispose();
    }

    showWorkspace({ workspace }: CurrentWorkspace): void {
        const item = this.#workspace;
        item.hide();
        if (workspace === undefined) return;
        item.text = `$(azure) ${workspace.name}`;
        item.tooltip = vscode.l10n.t(
            'Azure ML workspace {0} in resource group {1}. Select to use another one.',
            workspace.name,
            workspace.resourceGroup,
        );
        item.show();
    }

    showRuns({ text, icon = 'beaker', background, tooltip, command }: RunsSummary): void {
        const item = this.#runs;
        if (text === undefined) {
            item.hide();
            return;
        }
        item.text = `$(${icon}) ${text}`;
        item.tooltip = tooltip;
        item.backgroundColor = background === undefined ? undefined : new vscode.ThemeColor(background);
        item.command = command;
        item.accessibilityInformation = { label: `Azure ML: ${text}`, role: 'button' };
        item.show();
    }
}

function itemOf(id: string, priority: number): vscode.StatusBarItem {
    return vscode.window.createStatusBarItem(id, vscode.StatusBarAlignment.Left, priority);
}
