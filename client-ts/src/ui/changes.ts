import * as vscode from 'vscode';
import type { FileChange, ShowChangesParams } from '../protocol.gen';

/** Shows what is different: one file in a comparison of its own, several in one below the other. */
export async function showChanges({ title, files }: ShowChangesParams): Promise<null> {
    const [first] = files;
    if (files.length === 1 && first?.left !== undefined && first.right !== undefined)
        await vscode.commands.executeCommand('vscode.diff', ...sidesOf(first), title);
    else {
        const resources = files.map((file) => {
            const [left, right] = sidesOf(file);
            return [right ?? left, left, right];
        });
        await vscode.commands.executeCommand('vscode.changes', title, resources);
    }
    return null;
}

function sidesOf({ left, right }: FileChange): (vscode.Uri | undefined)[] {
    return [left, right].map((address) => (address === undefined ? undefined : vscode.Uri.parse(address)));
}
