import * as vscode from 'vscode';
import type { TreeDetailsResult, TreeNode } from './protocol.gen';

const scheme = 'azureml-details';

/** Serves the read-only documents that describe a row of the tree. */
export function registerDetails(details: (id: string) => Promise<TreeDetailsResult>): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(scheme, {
        provideTextDocumentContent: async (uri) => (await details(uri.query)).content,
    });
}

/** Opens what Azure knows about the resource behind a row. */
export async function openDetails(node: TreeNode): Promise<void> {
    const path = `/${node.label.replaceAll('/', '-')}.json`;
    const uri = vscode.Uri.from({ scheme, path, query: node.id });
    await vscode.window.showTextDocument(uri, { preview: true });
}
