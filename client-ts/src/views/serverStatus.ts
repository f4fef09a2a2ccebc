import * as vscode from 'vscode';
import type { Health } from '../server';
import { remedyOf, showFailure } from '../ui/failure';

/** The server's health where run configurations and scripts are edited, and a message when it is down for good. */
export class ServerStatus implements vscode.Disposable {
    readonly #item = vscode.languages.createLanguageStatusItem('azureml.server', [
        { language: 'python' },
        { pattern: '**/*{.job.json,job.yml,job.yaml}' },
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
        item.detail = isStopped ? health.error.message : calm;
        const startAgain = { title: vscode.l10n.t('Start Again'), command: 'azureml.restartServer' };
        item.command = isStopped ? startAgain : remedyOf(undefined);
        item.accessibilityInformation = { label: `Azure ML: ${item.detail}` };
        if (isStopped) void showFailure(health.error.message, startAgain, remedyOf(health.error));
    }
}
