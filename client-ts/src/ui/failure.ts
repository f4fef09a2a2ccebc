import * as vscode from 'vscode';
import { MissingProgram } from '../programs';

/** Shows what went wrong, with buttons for what can be done about it. */
export async function showFailure(text: string, ...remedies: vscode.Command[]): Promise<void> {
    const chosen = await vscode.window.showErrorMessage(text, ...remedies);
    if (chosen)
        await vscode.commands.executeCommand(chosen.command, ...((chosen.arguments ?? []) as unknown[]));
}

/** Where to look for the remedy of a failure that says no other. */
export function remedyOf(error: unknown): vscode.Command {
    if (!(error instanceof MissingProgram)) {
        return { title: vscode.l10n.t('Show Log'), command: 'azureml.showOutput' };
    }
    // The setting is this machine's, whose settings a remote window keeps apart from the user's.
    const which = vscode.env.remoteName === undefined ? 'openSettings' : 'openRemoteSettings';
    const command = `workbench.action.${which}`;
    return { title: vscode.l10n.t('Open Settings'), command, arguments: [{ query: 'azureml.server.path' }] };
}
