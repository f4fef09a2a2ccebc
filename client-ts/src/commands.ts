import * as vscode from 'vscode';
import type { TreeNode } from './protocol.gen';

/** Sends a command to the server with plain JSON arguments. */
export type Forward = (command: string, args: unknown[]) => Promise<unknown>;

/** Commands about a file, and the files they are about. */
const fileCommands: Record<string, { pattern: string; fits: (uri: vscode.Uri) => boolean }> = {
    'azureml.runAsExperiment': { pattern: '**/*.py', fits: isScript },
    'azureml.repeatLastRun': { pattern: '**/*.py', fits: isScript },
    'azureml.submit': { pattern: '**/*.job.json', fits: isRunConfiguration },
};

function isScript(uri: vscode.Uri): boolean {
    return uri.path.endsWith('.py');
}

function isRunConfiguration(uri: vscode.Uri): boolean {
    return uri.path.endsWith('.job.json');
}

/** Registers `id` as a command that the server carries out. */
export function forwardCommand(id: string, forward: Forward): vscode.Disposable {
    return vscode.commands.registerCommand(id, async (...received: unknown[]) => {
        const args = await argumentsFor(id, received);
        if (args !== undefined) await forward(id, args);
    });
}

/** The command's JSON arguments; undefined when the user was asked for a file and chose none. */
async function argumentsFor(id: string, received: unknown[]): Promise<unknown[] | undefined> {
    const [first] = received;
    const files = fileCommands[id];
    if (first instanceof vscode.Uri) return [first.toString()];
    if (typeof first === 'string') return [first];
    if (files === undefined) return isTreeNode(first) ? [first.id] : [];
    const uri = await fileFor(files);
    return uri === undefined ? undefined : [uri.toString()];
}

function isTreeNode(value: unknown): value is TreeNode {
    return typeof value === 'object' && value !== null && 'contextValue' in value && 'id' in value;
}

/** The file in the active editor if it fits, else one that the user picks. */
async function fileFor(files: {
    pattern: string;
    fits: (uri: vscode.Uri) => boolean;
}): Promise<vscode.Uri | undefined> {
    const active = vscode.window.activeTextEditor?.document.uri;
    if (active?.scheme === 'file' && files.fits(active)) return active;
    const found = await vscode.workspace.findFiles(
        files.pattern,
        '**/{node_modules,.venv,venv,site-packages}/**',
        500,
    );
    const items = found
        .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }))
        .sort((a, b) => a.label.localeCompare(b.label));
    if (items.length === 0) {
        void vscode.window.showInformationMessage(
            vscode.l10n.t('This folder has no file that fits. Open a folder with a training script first.'),
        );
        return undefined;
    }
    const choice = await vscode.window.showQuickPick(items, {
        placeHolder: vscode.l10n.t('Choose a file'),
    });
    return choice?.uri;
}
