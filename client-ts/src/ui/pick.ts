import * as vscode from 'vscode';
import type { DidChangePickParams, PickItem, PickParams, PickResult } from '../protocol.gen';
import { ask } from './question';

type Entry = vscode.QuickPickItem & { readonly id: string };

const open = new Map<string, Pick>();

/** Shows one step of a question with choices and answers what the user did. */
export function showPick(params: PickParams, cancel: vscode.CancellationToken): Promise<PickResult> {
    const pick = new Pick(params);
    open.set(params.token, pick);
    return pick.answer(cancel).finally(() => open.delete(params.token));
}

/** Fills a list that was shown before its items were known. */
export function updatePick(params: DidChangePickParams): void {
    open.get(params.token)?.fill(params);
}

/** One list on the screen. What the user has chosen in it survives new items. */
class Pick {
    readonly #pick = vscode.window.createQuickPick<Entry>();
    readonly #params: PickParams;
    /** What is marked without the user's doing. */
    #marked = '';

    constructor(params: PickParams) {
        this.#params = params;
        this.#pick.canSelectMany = params.canPickMany;
        this.#pick.matchOnDescription = true;
        this.#pick.matchOnDetail = true;
        this.#pick.keepScrollPosition = true;
        this.fill(params);
    }

    fill(content: { items: readonly PickItem[]; busy: boolean }): void {
        const pick = this.#pick;
        const before = this.#chosen;
        const untouched = before.length === 0 || idsOf(before) === this.#marked;
        const entries = content.items.map(toEntry);
        const proposed = entries.filter((_, index) => content.items[index]?.picked);
        const kept = entries.filter(({ id }) => before.some((entry) => entry.id === id));
        const wanted = untouched ? proposed : kept;
        pick.busy = content.busy;
        pick.items = entries;
        if (this.#params.canPickMany) {
            pick.selectedItems = wanted;
            if (untouched) this.#marked = idsOf(wanted);
            return;
        }
        // VS Code marks the first one where nothing else is wanted.
        const first = wanted[0] ?? entries.find(({ kind }) => kind === vscode.QuickPickItemKind.Default);
        if (first === undefined) return;
        pick.activeItems = [first];
        if (untouched) this.#marked = first.id;
    }

    answer(cancel: vscode.CancellationToken): Promise<PickResult> {
        return ask<PickResult, Entry>(this.#pick, this.#params, cancel, () => {
            const ids = this.#chosen.map(({ id }) => id);
            const nothing = !this.#params.canPickMany && ids.length === 0;
            return Promise.resolve(nothing ? undefined : { kind: 'picked', ids });
        });
    }

    get #chosen(): readonly Entry[] {
        return this.#params.canPickMany ? this.#pick.selectedItems : this.#pick.activeItems;
    }
}

function idsOf(entries: readonly Entry[]): string {
    return entries.map(({ id }) => id).join('\n');
}

function toEntry(item: PickItem): Entry {
    const separator = item.kind === 'separator';
    return {
        id: item.id,
        label: item.label,
        kind: separator ? vscode.QuickPickItemKind.Separator : vscode.QuickPickItemKind.Default,
        ...(item.description !== undefined && { description: item.description }),
        ...(item.detail !== undefined && { detail: item.detail }),
        ...(item.icon !== undefined && { iconPath: new vscode.ThemeIcon(item.icon) }),
    };
}
