import * as vscode from 'vscode';
import type { TreeDetailsResult, TreeNode } from './protocol.gen';

export const detailsScheme = 'azureml-details';

/** Serves the read-only documents that describe a row of the tree. */
export class DetailsDocuments implements vscode.TextDocumentContentProvider {
    readonly #details: (id: string) => Promise<TreeDetailsResult>;

    constructor(details: (id: string) => Promise<TreeDetailsResult>) {
        this.#details = details;
    }

    async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
        return (await this.#details(uri.query)).content;
    }
}

/** Opens what Azure knows about the resource behind a row. */
export async function openDetails(node: TreeNode): Promise<void> {
    const name = node.label.replaceAll('/', '-');
    const uri = vscode.Uri.from({ scheme: detailsScheme, path: `/${name}.json`, query: node.id });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), {
        preview: true,
    });
}
