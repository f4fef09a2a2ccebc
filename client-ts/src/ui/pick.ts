import * as vscode from 'vscode';
import type { DidChangePickParams, PickAction, PickItem, PickParams, PickResult } from '../protocol.gen';
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
    const { token, canPickMany, actions = [] } = params;
    const itemButtons = actions.filter(({ onItem }) => onItem).map(toButton);
    const pick = vscode.window.createQuickPick<Entry>();
    pick.canSelectMany = canPickMany;
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.keepScrollPosition = true;
    pick.buttons = actions.filter(({ onItem }) => !onItem).map(toButton);
    const chosen = (): readonly Entry[] => (canPickMany ? pick.selectedItems : pick.activeItems);
    /** What is marked without the user's doing. */
    let marked = '';
    const fill = ({ items, busy }: Content): void => {
        const before = chosen();
        const untouched = before.length === 0 || idsOf(before) === marked;
        const entries = items.map((item) => toEntry(item, itemButtons));
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
    const ids = (): string[] => chosen().map(({ id }) => id);
    const accept = (): Promise<PickResult | undefined> =>
        Promise.resolve(canPickMany || ids().length > 0 ? { kind: 'picked', ids: ids() } : undefined);
    return ask<PickResult, Entry>(pick, params, cancel, accept, (end) => {
        const act = (button: vscode.QuickInputButton, about: { item?: string }): void => {
            if (!('id' in button)) return;
            end({ kind: 'action', action: String(button.id), ids: ids(), typed: pick.value, ...about });
        };
        pick.onDidTriggerButton((button) => {
            act(button, {});
        });
        pick.onDidTriggerItemButton(({ button, item }) => {
            act(button, { item: item.id });
        });
    }).finally(() => {
        open.delete(token);
    });
}

function idsOf(entries: readonly Entry[]): string {
    return entries.map(({ id }) => id).join('\n');
}

function toButton({ id, icon, label }: PickAction): vscode.QuickInputButton & { id: string } {
    return { id, iconPath: new vscode.ThemeIcon(icon), tooltip: label };
}

function toEntry(item: PickItem, buttons: readonly vscode.QuickInputButton[]): Entry {
    const separator = item.kind === 'separator';
    return {
        id: item.id,
        label: item.label,
        kind: separator ? vscode.QuickPickItemKind.Separator : vscode.QuickPickItemKind.Default,
        ...(!separator && { buttons }),
        ...(item.description !== undefined && { description: item.description }),
        ...(item.detail !== undefined && { detail: item.detail }),
        ...(item.icon !== undefined && { iconPath: new vscode.ThemeIcon(item.icon) }),
    };
}
