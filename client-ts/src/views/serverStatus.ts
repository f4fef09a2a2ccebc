import * as vscode from 'vscode';
import type { Health } from '../server';

/** The server's health where run configurations and scripts are edited, and a message when it is down for good. */
export class ServerStatus implements vscode.Disposable {
    readonly #item = vscode.languages.createLanguageStatusItem('azureml.server', [
        { language: 'python' },
        { pattern: '**/*.job.json' },
    ]);

    constructor() {
        this.#item.name = vscode.l10n.t('Azure ML Server');
        this.#item.text = 'Azure ML';
        this.show({ kind: 'starting' });
    }

    dispose(): void {
        this.#item.dispose();
    }

    show(health: Health): void {
        const item = this.#item;
        item.busy = health.kind === 'starting';
        item.severity = vscode.LanguageStatusSeverity.Information;
        item.command = { title: vscode.l10n.t('Show Log'), command: 'azureml.showOutput' };
        switch (health.kind) {
            case 'starting':
                item.detail = vscode.l10n.t('Starting');
                break;
            case 'running':
                item.detail = vscode.l10n.t('Ready');
                break;
            case 'stopped':
                item.severity = vscode.LanguageStatusSeverity.Error;
                item.detail = health.reason;
                item.command = { title: vscode.l10n.t('Start Again'), command: 'azureml.restartServer' };
                void this.#tell(health.reason);
                break;
        }
        item.accessibilityInformation = { label: `Azure ML: ${item.detail}` };
    }

    async #tell(reason: string): Promise<void> {
        const start = vscode.l10n.t('Start Again');
        const log = vscode.l10n.t('Show Log');
        const choice = await vscode.window.showErrorMessage(reason, start, log);
        if (choice === start) await vscode.commands.executeCommand('azureml.restartServer');
        if (choice === log) await vscode.commands.executeCommand('azureml.showOutput');
    }
}
