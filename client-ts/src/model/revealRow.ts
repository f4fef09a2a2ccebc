/** What is used of VS Code's tree view. */
export interface RowView {
    readonly selection: readonly string[];
    readonly reveal: (id: string, options: { select: true; focus: false }) => Thenable<void>;
}

const attempts = 8;

/**
 * Shows a row, below whatever parents, and selects it. VS Code silently stops above a row whose parents it has not
 * drawn yet, so it is asked until the row has arrived, or the user has selected another one.
 */
export async function revealRow(
    view: RowView,
    id: string,
    pause: (milliseconds: number) => Promise<unknown>,
): Promise<void> {
    const [before] = view.selection;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
        await view.reveal(id, { select: true, focus: false });
        const [now] = view.selection;
        if (now === id || now !== before) return;
        await pause(100 * 2 ** attempt);
    }
}
