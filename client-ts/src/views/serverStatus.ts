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
        const { Error, Information } = vscode.LanguageStatusSeverity;
        const isStopped = health.kind === 'stopped';
        item.busy = health.kind === 'starting';
        item.severity = isStopped ? Error : Information;
        const calm = item.busy ? vscode.l10n.t('Starting') : vscode.l10n.t('Ready');
        item.detail = isStopped ? health.reason : calm;
        item.command = isStopped
            ? { title: vscode.l10n.t('Start Again'), command: 'azureml.restartServer' }
            : { title: vscode.l10n.t('Show Log'), command: 'azureml.showOutput' };
        if (isStopped) void tell(health.reason);
        item.accessibilityInformation = { label: `Azure ML: ${item.detail}` };
    }
}

async function tell(reason: string): Promise<void> {
    const actions = {
        [vscode.l10n.t('Start Again')]: 'azureml.restartServer',
        [vscode.l10n.t('Show Log')]: 'azureml.showOutput',
    };
    const choice = await vscode.window.showErrorMessage(reason, ...Object.keys(actions));
    if (choice !== undefined) await vscode.commands.executeCommand(actions[choice] ?? '');
}
