import * as vscode from 'vscode';
import type { CurrentWorkspace, Run } from '../protocol.gen';

/** Two status bar items: the workspace in use, and the number of runs that are under way. */
export class StatusBar implements vscode.Disposable {
    readonly #workspace = vscode.window.createStatusBarItem(
        'azureml.workspace',
        vscode.StatusBarAlignment.Left,
        20,
    );
    readonly #runs = vscode.window.createStatusBarItem('azureml.runs', vscode.StatusBarAlignment.Left, 19);

    constructor() {
        this.#workspace.name = vscode.l10n.t('Azure ML Workspace');
        this.#workspace.command = 'azureml.selectWorkspace';
        this.#runs.name = vscode.l10n.t('Azure ML Active Runs');
        this.#runs.command = 'azureml.workspaces.focus';
    }

    dispose(): void {
        this.#workspace.dispose();
        this.#runs.dispose();
    }

    showWorkspace({ workspace }: CurrentWorkspace): void {
        if (workspace === undefined) {
            this.#workspace.hide();
            return;
        }
        this.#workspace.text = `$(azure) ${workspace.name}`;
        this.#workspace.tooltip = vscode.l10n.t(
            'Azure ML workspace {0} in resource group {1}. Select to use another one.',
            workspace.name,
            workspace.resourceGroup,
        );
        this.#workspace.show();
    }

    showActiveRuns(runs: readonly Run[]): void {
        if (runs.length === 0) {
            this.#runs.hide();
            return;
        }
        const text =
            runs.length === 1 ? vscode.l10n.t('1 active run') : vscode.l10n.t('{0} active runs', runs.length);
        this.#runs.text = `$(sync~spin) ${text}`;
        this.#runs.tooltip = runs.map((run) => `${run.displayName}: ${run.status}`).join('\n');
        this.#runs.show();
    }
}
