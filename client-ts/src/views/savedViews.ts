import * as vscode from 'vscode';
import type { SavedViews, TableView } from '../../webview/runs/contract';
import { parseViews, viewsOf, viewsText, withView, type ViewsFile } from '../model/viewsFile';

const key = 'azureml.views';

/** The saved views of tables: a file of the folder in front, to be shared, or the window's own memory without one. */
export class SavedViewStore {
    readonly #memory: vscode.Memento;
    /** One change after the other. */
    #last: Promise<unknown> = Promise.resolve();

    constructor(memory: vscode.Memento) {
        this.#memory = memory;
    }

    async list(table: string): Promise<SavedViews> {
        return viewsOf(await this.#read(), table);
    }

    /** Keeps a view under a name, or deletes it; the views of the table after that. */
    async keep(table: string, name: string, view: TableView | undefined): Promise<SavedViews> {
        const change = async (): Promise<SavedViews> => {
            const file = withView(await this.#read(), table, name, view);
            await this.#write(file);
            return viewsOf(file, table);
        };
        const changed = this.#last.then(change, change);
        this.#last = changed;
        return changed;
    }

    async #read(): Promise<ViewsFile> {
        const place = placeOfFile();
        if (place === undefined) return this.#memory.get<ViewsFile>(key, {});
        let bytes: Uint8Array;
        try {
            bytes = await vscode.workspace.fs.readFile(place);
        } catch {
            return {};
        }
        try {
            return parseViews(new TextDecoder().decode(bytes));
        } catch (error) {
            const why = error instanceof Error ? error.message : String(error);
            throw new Error(vscode.l10n.t('{0} cannot be read: {1}', place.fsPath, why), { cause: error });
        }
    }

    async #write(file: ViewsFile): Promise<void> {
        const place = placeOfFile();
        if (place === undefined) await this.#memory.update(key, file);
        else await vscode.workspace.fs.writeFile(place, new TextEncoder().encode(viewsText(file)));
    }
}

function placeOfFile(): vscode.Uri | undefined {
    const folder = vscode.workspace.workspaceFolders?.[0];
    return folder && vscode.Uri.joinPath(folder.uri, '.azureml', 'views.json');
}
