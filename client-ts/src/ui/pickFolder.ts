import * as vscode from 'vscode';
import type { PickFolderParams, PickFolderResult } from '../protocol.gen';

/** Lets the user choose a folder on the server's computer. */
export async function pickFolder({ title, openLabel }: PickFolderParams): Promise<PickFolderResult> {
    const [folder] =
        (await vscode.window.showOpenDialog({
            title,
            openLabel,
            canSelectFiles: false,
            canSelectFolders: true,
        })) ?? [];
    return folder === undefined ? {} : { uri: folder.toString() };
}
