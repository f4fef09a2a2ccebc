import * as vscode from 'vscode';
import type { DidChangePickParams, PickItem, PickParams, PickResult } from '../protocol.gen';

type Entry = vscode.QuickPickItem & { readonly id: string };

const open = new Map<string, vscode.QuickPick<Entry>>();

/** Shows one step of a question with choices and answers what the user did. */
export function showPick(params: PickParams, cancel: vscode.CancellationToken): Promise<PickResult> {
    const pick = vscode.window.createQuickPick<Entry>();
    pick.title = params.title;
    pick.step = params.step;
    pick.totalSteps = params.totalSteps;
    pick.placeholder = params.placeholder;
    pick.canSelectMany = params.canPickMany;
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.ignoreFocusOut = true;
    pick.buttons = params.canGoBack ? [vscode.QuickInputButtons.Back] : [];
    fill(pick, params);
    open.set(params.token, pick);

    return new Promise<PickResult>((resolve) => {
        const answer = (result: PickResult): void => {
            resolve(result);
            pick.hide();
        };
        cancel.onCancellationRequested(() => {
            answer({ kind: 'cancelled' });
        });
        pick.onDidTriggerButton(() => {
            answer({ kind: 'back' });
        });
        pick.onDidAccept(() => {
            const chosen = params.canPickMany ? pick.selectedItems : pick.activeItems;
            if (!params.canPickMany && chosen.length === 0) return;
            answer({ kind: 'picked', ids: chosen.map((entry) => entry.id) });
        });
        pick.onDidHide(() => {
            resolve({ kind: 'cancelled' });
            open.delete(params.token);
            pick.dispose();
        });
        pick.show();
    });
}

/** Fills a pick that was shown before its items were known. */
export function updatePick(params: DidChangePickParams): void {
    const pick = open.get(params.token);
    if (pick) fill(pick, params);
}

function fill(pick: vscode.QuickPick<Entry>, content: { items: PickItem[]; busy: boolean }): void {
    const entries = content.items.map(toEntry);
    const preselected = entries.filter((_, index) => content.items[index]?.picked);
    pick.busy = content.busy;
    pick.items = entries;
    if (pick.canSelectMany) {
        pick.selectedItems = preselected;
    } else if (preselected.length > 0) {
        pick.activeItems = preselected;
    }
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
