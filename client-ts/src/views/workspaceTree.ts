import * as vscode from 'vscode';
import type { TreeNode } from '../protocol.gen';

/** Where the nodes come from: the server. */
export interface TreeSource {
    children(id: string | undefined, cancel?: vscode.CancellationToken): Promise<TreeNode[]>;
}

/** Renders the server's nodes. Keeps the last node seen under each id, and nothing else. */
export class WorkspaceTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
    readonly #source: TreeSource;
    readonly #changed = new vscode.EventEmitter<TreeNode | undefined>();
    readonly #known = new Map<string, TreeNode>();
    readonly onDidChangeTreeData = this.#changed.event;

    constructor(source: TreeSource) {
        this.#source = source;
    }

    dispose(): void {
        this.#changed.dispose();
    }

    /** Redraws the named nodes with their children, or everything. */
    refresh(ids?: string[]): void {
        if (ids === undefined) {
            this.#known.clear();
            this.#changed.fire(undefined);
            return;
        }
        for (const id of ids) {
            const node = this.#known.get(id);
            if (node) this.#changed.fire(node);
        }
    }

    async getChildren(parent?: TreeNode): Promise<TreeNode[]> {
        const nodes = await this.#source.children(parent?.id);
        for (const node of nodes) this.#known.set(node.id, node);
        return nodes;
    }

    getParent(node: TreeNode): TreeNode | undefined {
        return node.parentId === undefined ? undefined : this.#known.get(node.parentId);
    }

    getTreeItem(node: TreeNode): vscode.TreeItem {
        const item = new vscode.TreeItem(node.label, collapsible[node.collapsible]);
        item.id = node.id;
        item.contextValue = node.contextValue;
        item.iconPath = new vscode.ThemeIcon(
            node.icon,
            node.iconColor === undefined ? undefined : new vscode.ThemeColor(node.iconColor),
        );
        if (node.description !== undefined) item.description = node.description;
        if (node.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(node.tooltip);
        if (node.command !== undefined) item.command = { ...node.command };
        return item;
    }

    /** Loads each node of a path from the root on and returns the last one that exists. */
    async locate(path: string[]): Promise<TreeNode | undefined> {
        let node: TreeNode | undefined;
        for (const id of path) {
            const found: TreeNode | undefined = this.#known.get(id) ?? (await this.#find(node, id));
            if (!found) break;
            node = found;
        }
        return node;
    }

    async #find(parent: TreeNode | undefined, id: string): Promise<TreeNode | undefined> {
        const children = await this.getChildren(parent);
        return children.find((child) => child.id === id);
    }
}

const collapsible = {
    none: vscode.TreeItemCollapsibleState.None,
    collapsed: vscode.TreeItemCollapsibleState.Collapsed,
    expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;
