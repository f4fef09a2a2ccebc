import * as vscode from 'vscode';
import type { DidChangePickParams, PickItem, PickParams, PickResult } from '../protocol.gen';
import { ask } from './question';

type Entry = vscode.QuickPickItem & { readonly id: string };

type Content = Pick<DidChangePickParams, 'items' | 'busy'>;

/** What fills the lists on the screen, by their tokens. */
const open = new Map<string, (content: Content) => void>();

/** Fills a list that was shown before its items were known. */
export function updatePick(params: DidChangePickParams): void {
    open.get(params.token)?.(params);
}

/** Shows one step of a question with choices and answers what the user did. */
export async function showPick(params: PickParams, cancel: vscode.CancellationToken): Promise<PickResult> {
    const { token, canPickMany } = params;
    const pick = vscode.window.createQuickPick<Entry>();
    pick.canSelectMany = canPickMany;
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.keepScrollPosition = true;
    const chosen = (): readonly Entry[] => (canPickMany ? pick.selectedItems : pick.activeItems);
    /** What is marked without the user's doing. */
    let marked = '';
    const fill = ({ items, busy }: Content): void => {
        const before = chosen();
        const untouched = before.length === 0 || idsOf(before) === marked;
        const entries = items.map(toEntry);
        const proposed = entries.filter((_, index) => items[index]?.picked);
        // What the user has chosen survives new items.
        const kept = entries.filter(({ id }) => before.some((entry) => entry.id === id));
        const wanted = untouched ? proposed : kept;
        pick.busy = busy;
        pick.items = entries;
        if (canPickMany) {
            pick.selectedItems = wanted;
        } else {
            // VS Code marks the first one where nothing else is wanted.
            const first = wanted[0] ?? entries.find(({ kind }) => kind === vscode.QuickPickItemKind.Default);
            pick.activeItems = first ? [first] : [];
        }
        if (untouched) marked = idsOf(chosen());
    };
    fill(params);
    open.set(token, fill);
    return ask<PickResult, Entry>(pick, params, cancel, () => {
        const ids = chosen().map(({ id }) => id);
        const nothing = !canPickMany && ids.length === 0;
        return Promise.resolve(nothing ? undefined : { kind: 'picked', ids });
    }).finally(() => {
        open.delete(token);
    });
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
