import * as vscode from 'vscode';
import { LSPErrorCodes, ResponseError } from 'vscode-languageclient';
import type { ErrorData } from './protocol.gen';
import { isInterrupted } from './rpc';
import { interruption } from './server';

/** Sends a command to the server with plain JSON arguments. */
export type Forward = (command: string, args: unknown[]) => Promise<unknown>;

/** Commands about a file, and how the names of such files end. */
const fileEndings: Record<string, string> = {
    'azureml.runAsExperiment': '.py',
    'azureml.repeatLastRun': '.py',
    'azureml.submit': '.job.json',
};

/** Commands that send files or change something in Azure; they wait until the folder is trusted. */
const trusted = new Set([...Object.keys(fileEndings), 'azureml.createCompute']);

/** Registers `id` as a command that the server carries out. */
export function forwardCommand(id: string, forward: Forward): vscode.Disposable {
    return registerCommand(id, async (first) => {
        if (trusted.has(id) && !(await isTrusted())) return;
        await forward(id, argumentsFor(id, first));
    });
}

/** Registers a command that shows by itself why it failed. */
export function registerCommand(id: string, run: (first: unknown) => unknown): vscode.Disposable {
    return vscode.commands.registerCommand(id, async (first: unknown) => {
        try {
            await run(first);
        } catch (error) {
            await showError(error);
        }
    });
}

/** The command's JSON arguments: the file if it is about one (null: the server asks), then the row of the tree. */
function argumentsFor(id: string, first: unknown): unknown[] {
    if (first instanceof vscode.Uri) return [first.toString()];
    const ending = fileEndings[id];
    const given = typeof first === 'string' ? [first] : [];
    if (ending === undefined || given[0]?.startsWith('file:')) return given;
    const active = vscode.window.activeTextEditor?.document.uri;
    const fits = active?.scheme === 'file' && active.path.endsWith(ending);
    return [fits ? active.toString() : null, ...given];
}

async function isTrusted(): Promise<boolean> {
    if (vscode.workspace.isTrusted) return true;
    const manage = vscode.l10n.t('Manage Trust');
    const text = vscode.l10n.t('Trust this folder before you run what is in it.');
    const choice = await vscode.window.showWarningMessage(text, manage);
    if (choice === manage) await vscode.commands.executeCommand('workbench.trust.manage');
    return vscode.workspace.isTrusted;
}

/** Shows why something failed, once, with what can be done about it; a cancelled thing says nothing. */
async function showError(error: unknown): Promise<void> {
    const response =
        error instanceof ResponseError ? (error as ResponseError<ErrorData | undefined>) : undefined;
    if (response?.code === LSPErrorCodes.RequestCancelled) return;
    const text = error instanceof Error ? error.message : String(error);
    const kind = response?.data?.kind;
    // These say themselves what to do.
    const isAzures = response?.data?.httpStatus !== undefined;
    if (!isAzures && (kind === 'Rejected' || kind === 'Conflict')) {
        void vscode.window.showWarningMessage(text);
        return;
    }
    const [label, command] =
        kind === 'NotSignedIn'
            ? [vscode.l10n.t('Sign In'), 'azureml.signIn']
            : isAzures
              ? [vscode.l10n.t('Copy Diagnostics'), 'azureml.copyDiagnostics']
              : [vscode.l10n.t('Show Log'), 'azureml.showOutput'];
    const choice = await vscode.window.showErrorMessage(isInterrupted(error) ? interruption() : text, label);
    if (choice === label) await vscode.commands.executeCommand(command);
}
