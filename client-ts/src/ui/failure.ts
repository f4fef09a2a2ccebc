import * as vscode from 'vscode';

/** Shows what went wrong, with buttons for what can be done about it. */
export async function showFailure(text: string, ...remedies: vscode.Command[]): Promise<void> {
    const chosen = await vscode.window.showErrorMessage(text, ...remedies);
    if (chosen) await vscode.commands.executeCommand(chosen.command);
}
