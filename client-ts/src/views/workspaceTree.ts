import * as vscode from 'vscode';
import { TreeRows, type ListChildren } from '../model/treeRows';
import type { TreeDidChangeParams, TreeNode } from '../protocol.gen';

/** Renders the server's rows. Its elements are their ids, so that a row that changed is still the same element. */
export class WorkspaceTree implements vscode.TreeDataProvider<string>, vscode.Disposable {
    readonly #rows: TreeRows;
    readonly #describe: (id: string) => Promise<string | undefined>;
    readonly #changed = new vscode.EventEmitter<string[] | undefined>();
    /** Whether it shows something, be it that there is nothing; until then the first rows are on their way. */
    isListed = false;
    readonly onDidChangeTreeData = this.#changed.event;

    constructor(list: ListChildren, describe: (id: string) => Promise<string | undefined>) {
        this.#rows = new TreeRows(list);
        this.#describe = describe;
    }

    dispose(): void {
        this.#changed.dispose();
    }

    node(id: string): TreeNode | undefined {
        return this.#rows.node(id);
    }

    /** Draws rows and what stands under them again, or everything. */
    refresh(change: TreeDidChangeParams = {}): void {
        const shown = this.#rows.change(change);
        if (shown?.length !== 0) this.#changed.fire(shown);
    }

    async getChildren(parent?: string): Promise<string[]> {
        try {
            return await this.#rows.children(parent);
        } finally {
            this.isListed = true;
        }
    }

    getParent(id: string): string | undefined {
        return this.#rows.node(id)?.parentId;
    }

    getTreeItem(id: string): vscode.TreeItem {
        const node = this.#rows.node(id);
        if (node === undefined) return new vscode.TreeItem('');
        const item = new vscode.TreeItem(node.label, collapsible[node.collapsible]);
        item.id = node.id;
        item.contextValue = node.contextValue;
        const color = node.iconColor === undefined ? undefined : new vscode.ThemeColor(node.iconColor);
        item.iconPath = new vscode.ThemeIcon(node.icon, color);
        if (node.description !== undefined) item.description = node.description;
        if (node.command !== undefined) item.command = { ...node.command };
        return item;
    }

    /** Adds what only shows under the mouse. */
    async resolveTreeItem(item: vscode.TreeItem, id: string): Promise<vscode.TreeItem> {
        const tooltip = await this.#describe(id);
        if (tooltip !== undefined) item.tooltip = new vscode.MarkdownString(tooltip);
        return item;
    }

    /** Loads each row of a path from the top on and returns the last one that exists. */
    async locate(path: readonly string[]): Promise<string | undefined> {
        let found: string | undefined;
        for (const id of path) {
            if (this.#rows.node(id) === undefined && !(await this.getChildren(found)).includes(id)) break;
            found = id;
        }
        return found;
    }
}

const collapsible = {
    none: vscode.TreeItemCollapsibleState.None,
    collapsed: vscode.TreeItemCollapsibleState.Collapsed,
    expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;
