import * as vscode from 'vscode';
import { LSPErrorCodes, ResponseError } from 'vscode-languageclient';
import type { ErrorData } from './protocol.gen';
import { interruption, isInterrupted, type Server } from './server';
import { remedyOf, showFailure } from './ui/failure';

/** A command as the manifest describes it. */
export interface Contribution {
    readonly command: string;
    readonly enablement?: string;
}

/** Registers a command that the server carries out: it gets what it was used on, the file in front, and what a page adds. */
export function forwardCommand(
    { command, enablement = '' }: Contribution,
    server: Server,
): vscode.Disposable {
    // A lens, a link and a keyboard shortcut know nothing of what the manifest says about menus.
    const needsTrust = enablement.includes('isWorkspaceTrusted');
    return registerCommand(command, async (first, second) => {
        if (needsTrust && !(await isTrusted())) return;
        const more = typeof second === 'string' ? [second] : [];
        const params = { command, arguments: [usedOn(first), fileInFront(), ...more] };
        await (await server.running).sendRequest('workspace/executeCommand', params);
    });
}

/** Registers a command that shows by itself why it failed. */
export function registerCommand(
    id: string,
    run: (first: unknown, second: unknown) => unknown,
): vscode.Disposable {
    return vscode.commands.registerCommand(id, async (first: unknown, second: unknown) => {
        try {
            await run(first, second);
        } catch (error) {
            await showError(error);
        }
    });
}

/** A file, by its address, or a row of the tree, by its id. */
function usedOn(first: unknown): string | null {
    if (first instanceof vscode.Uri) return first.toString();
    return typeof first === 'string' ? first : null;
}

/** What the tab in front shows. The active text editor would not do: that may be the output, or not there yet. */
export function fileInFront(): string | null {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    if (input instanceof vscode.TabInputTextDiff) return input.modified.toString();
    return input instanceof vscode.TabInputText ? input.uri.toString() : null;
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
export async function showError(error: unknown): Promise<void> {
    const { code, data } =
        error instanceof ResponseError ? (error as ResponseError<ErrorData | undefined>) : {};
    if (code === LSPErrorCodes.RequestCancelled) return;
    const reason = error instanceof Error ? error.message : String(error);
    const text = isInterrupted(error) ? interruption() : reason;
    const isAzures = data?.httpStatus !== undefined;
    if (data?.kind === 'NotSignedIn') {
        await showFailure(text, { title: vscode.l10n.t('Sign In'), command: 'azureml.signIn' });
    } else if (isAzures) {
        const title = vscode.l10n.t('Copy Diagnostics');
        await showFailure(text, { title, command: 'azureml.copyDiagnostics' });
    } else if (data?.kind === 'Rejected' || data?.kind === 'Conflict') {
        await vscode.window.showWarningMessage(text); // It says itself what to do.
    } else {
        await showFailure(text, remedyOf(error));
    }
}
