import * as vscode from 'vscode';
import type { TreeDidChangeParams, TreeNode } from '../protocol.gen';

/** Asks the server for the rows under `id`, or for the top ones. */
export type ListChildren = (id: string | undefined) => Promise<TreeNode[]>;

/** Renders the server's rows. Its elements are their ids, so that a row that changed is still the same element. */
export class WorkspaceTree implements vscode.TreeDataProvider<string>, vscode.Disposable {
    readonly #list: ListChildren;
    readonly #changed = new vscode.EventEmitter<string[] | undefined>();
    /** The last row seen under each id: what the server sent, and nothing else. */
    readonly #nodes = new Map<string, TreeNode>();
    /** Whether it shows something, be it that there is nothing; until then the first rows are on their way. */
    isListed = false;
    readonly onDidChangeTreeData = this.#changed.event;

    constructor(list: ListChildren) {
        this.#list = list;
    }

    dispose(): void {
        this.#changed.dispose();
    }

    node(id: string): TreeNode | undefined {
        return this.#nodes.get(id);
    }

    /** Draws rows and what stands under them again, or everything. Rows that were never shown nobody waits for. */
    refresh({ ids, nodes = [] }: TreeDidChangeParams = {}): void {
        const shown = ids?.filter((id) => this.#nodes.has(id));
        for (const node of nodes) if (this.#nodes.has(node.id)) this.#nodes.set(node.id, node);
        if (shown?.length !== 0) this.#changed.fire(shown);
    }

    async getChildren(parent?: string): Promise<string[]> {
        try {
            const nodes = await this.#list(parent);
            for (const node of nodes) this.#nodes.set(node.id, node);
            return nodes.map(({ id }) => id);
        } finally {
            this.isListed = true;
        }
    }

    getParent(id: string): string | undefined {
        return this.#nodes.get(id)?.parentId;
    }

    getTreeItem(id: string): vscode.TreeItem {
        const node = this.#nodes.get(id);
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
    resolveTreeItem(item: vscode.TreeItem, id: string): vscode.TreeItem {
        const tooltip = this.#nodes.get(id)?.tooltip;
        if (tooltip !== undefined) item.tooltip = new vscode.MarkdownString(tooltip);
        return item;
    }

    /** Loads each row of a path from the top on and returns the last one that exists. */
    async locate(path: readonly string[]): Promise<string | undefined> {
        let found: string | undefined;
        for (const id of path) {
            if (!this.#nodes.has(id) && !(await this.getChildren(found)).includes(id)) break;
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
