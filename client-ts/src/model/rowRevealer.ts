import type { TreeView } from 'vscode';

export type RowView = Pick<TreeView<string>, 'selection' | 'visible' | 'reveal'>;

/** Shows and selects rows of a tree view, below whatever parents: one after the other, and of several the last. */
export class RowRevealer {
    readonly #view: RowView;
    readonly #pause: (milliseconds: number) => Promise<unknown>;
    #asked = 0;
    #before: Promise<void> = Promise.resolve();

    constructor(view: RowView, pause: (milliseconds: number) => Promise<unknown>) {
        this.#view = view;
        this.#pause = pause;
    }

    /** Ends when the row is there, the user has turned to another one or away, or another one is to be shown. */
    async reveal(id: string): Promise<void> {
        this.#asked += 1;
        const turn = this.#asked;
        const revealed = this.#before.then(() => this.#reveal(id, () => turn === this.#asked));
        this.#before = revealed.catch(() => undefined);
        return revealed;
    }

    /** VS Code silently stops above a row whose parents it has not drawn yet, so it is asked again: for 25 s at most. */
    async #reveal(id: string, isWanted: () => boolean): Promise<void> {
        const [before] = this.#view.selection;
        for (let attempt = 0; attempt < 8 && isWanted(); attempt += 1) {
            await this.#view.reveal(id, { select: true, focus: false });
            const [now] = this.#view.selection;
            if (now === id || now !== before || !this.#view.visible) return;
            await this.#pause(100 * 2 ** attempt);
        }
    }
}
