import * as vscode from 'vscode';
import * as protocol from './protocol.gen';
import type { Ask } from './views/pagePanels';

const scheme = 'azureml-comparison';

/** What two runs have differently, in VS Code's own comparison of two documents. */
export class Comparisons implements vscode.Disposable {
    readonly #ask: Ask;
    readonly #documents: vscode.Disposable;

    constructor(ask: Ask) {
        this.#ask = ask;
        this.#documents = vscode.workspace.registerTextDocumentContentProvider(scheme, {
            provideTextDocumentContent: async (uri) => this.#text(uri),
        });
    }

    dispose(): void {
        this.#documents.dispose();
    }

    /** Compares two runs, by their ids; the user chooses one that is missing among those of an experiment. */
    async show(left: string, right: string | undefined, experiment: string | undefined): Promise<void> {
        const other = right ?? (experiment && (await this.#choose(left, experiment)));
        if (!other) return;
        const compared = await this.#ask((client) =>
            client.sendRequest(protocol.RunsCompare, { left, right: other }),
        );
        if (compared.differences.length === 0) {
            const text = vscode.l10n.t('Both runs were submitted alike and have the same metrics.');
            void vscode.window.showInformationMessage(text);
            return;
        }
        const title = vscode.l10n.t('{0} and {1}', compared.left, compared.right);
        const [mine, its] = (['left', 'right'] as const).map((side) =>
            addressOf({ left, right: other, side }, compared[side]),
        );
        await vscode.commands.executeCommand('vscode.diff', mine, its, title);
    }

    async #choose(run: string, experiment: string): Promise<string | undefined> {
        const params = { id: experiment, columns: ['submitted'], offset: 0, count: 200 };
        const { rows } = await this.#ask((client) => client.sendRequest(protocol.RunsQuery, params));
        const items = rows
            .filter(({ id, nodeId }) => id !== run && nodeId !== run)
            .map(({ id, title, statusText, statusIcon, cells }) => {
                const label = `$(${statusIcon.replace('~spin', '')}) ${title}`;
                return { label, description: statusText, detail: cells[0] ?? '', id };
            });
        const placeHolder = vscode.l10n.t('Run to compare with');
        return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.id;
    }

    /** A line for each difference, so that the same lines stand beside each other. */
    async #text(uri: vscode.Uri): Promise<string> {
        const { left, right, side } = JSON.parse(uri.query) as Side;
        const params = { left, right };
        const { differences } = await this.#ask((client) => client.sendRequest(protocol.RunsCompare, params));
        return differences.map((one) => `${one.key}: ${one[side]}\n`).join('');
    }
}

interface Side {
    readonly left: string;
    readonly right: string;
    readonly side: 'left' | 'right';
}

function addressOf(side: Side, name: string): vscode.Uri {
    const path = `/${name.replaceAll('/', '-')}`;
    return vscode.Uri.from({ scheme, path, query: JSON.stringify(side) });
}
