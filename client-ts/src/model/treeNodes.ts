import type { TreeNode } from '../protocol.gen';

/** The last row seen under each id: what the server sent, and nothing else. */
export class TreeNodes {
    readonly #known = new Map<string, TreeNode>();

    get(id: string): TreeNode | undefined {
        return this.#known.get(id);
    }

    add(nodes: readonly TreeNode[]): void {
        for (const node of nodes) this.#known.set(node.id, node);
    }

    /** Those of `ids` that were shown once; the others nobody can be waiting for. */
    shown(ids: readonly string[]): string[] {
        return [...new Set(ids)].filter((id) => this.#known.has(id));
    }

    /** The rows whose lists hold `ids`, each once; undefined stands for the top. */
    parentsOf(ids: readonly string[]): (string | undefined)[] {
        return [...new Set(ids.map((id) => this.#known.get(id)?.parentId))];
    }
}
