import * as vscode from 'vscode';
import type { CurrentWorkspace, Run } from '../protocol.gen';

/** Two status bar items: the workspace in use, and the number of runs that are under way. */
export class StatusBar implements vscode.Disposable {
    readonly #workspace = itemOf('azureml.workspace', 20);
    readonly #runs = itemOf('azureml.runs', 19);

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

    showActiveRuns(runs: readonly Run[]): void {
        this.#runs.hide();
        if (runs.length === 0) return;
        const text = countText(runs.length);
        this.#runs.text = `$(sync~spin) ${text}`;
        this.#runs.tooltip = runs.map((run) => `${run.displayName} · ${run.experiment}`).join('\n');
        this.#runs.accessibilityInformation = { label: `Azure ML: ${text}`, role: 'button' };
        this.#runs.show();
    }
}

function itemOf(id: string, priority: number): vscode.StatusBarItem {
    return vscode.window.createStatusBarItem(id, vscode.StatusBarAlignment.Left, priority);
}

/** How many runs are under way, in words. */
export function countText(count: number): string {
    return count === 1 ? vscode.l10n.t('1 active run') : vscode.l10n.t('{0} active runs', count);
}
