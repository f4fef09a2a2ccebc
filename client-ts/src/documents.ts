import * as vscode from 'vscode';
import { RunsDocument, type TreeDetailsResult, type TreeNode } from './protocol.gen';
import type { Ask } from './views/pagePanels';

const scheme = 'azureml-details';

/** Serves the read-only documents that describe a row of the tree. */
export function registerDetails(details: (id: string) => Promise<TreeDetailsResult>): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(scheme, {
        provideTextDocumentContent: async (uri) => (await details(uri.query)).content,
    });
}

/** Serves the read-only texts about runs, whose addresses the server gives. */
export function registerRunDocuments(ask: Ask): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider('azureml-run', {
        provideTextDocumentContent: async (address) => {
            const params = { uri: address.toString() };
            return (await ask((client) => client.sendRequest(RunsDocument, params))).text;
        },
    });
}

/** Opens what Azure knows about the resource behind a row. */
export async function openDetails(node: TreeNode): Promise<void> {
    const path = `/${node.label.replaceAll('/', '-')}.json`;
    const uri = vscode.Uri.from({ scheme, path, query: node.id });
    await vscode.window.showTextDocument(uri, { preview: true });
}
