import * as vscode from 'vscode';

/** Lets the user choose where a file is saved: in the folder in front, under this name, unless they say otherwise. */
export async function chooseTarget(name: string, title?: string): Promise<vscode.Uri | undefined> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(process.cwd());
    const defaultUri = vscode.Uri.joinPath(folder, name);
    return vscode.window.showSaveDialog({ defaultUri, ...(title !== undefined && { title }) });
}
