import type { TreeDidChangeParams, TreeListChange, TreeNode } from '../protocol.gen';

/** Asks the server for the rows under `id`, or for the top ones. */
export type ListChildren = (id: string | undefined) => Promise<TreeNode[]>;

/** The tree's rows as the server last sent them, and the lists they stand in: one that only grew is not asked for again. */
export class TreeRows {
    readonly #list: ListChildren;
    readonly #nodes = new Map<string, TreeNode>();
    /** Ids by the row above, of the lists that are as the server has them. The top of the tree is ''. */
    readonly #lists = new Map<string, string[]>();
    /** The lists that the server has changed since they were last drawn. */
    readonly #changed = new Set<string>();
    /** The latest question for each list. */
    readonly #asked = new Map<string, number>();
    #questions = 0;

    constructor(list: ListChildren) {
        this.#list = list;
    }

    node(id: string): TreeNode | undefined {
        return this.#nodes.get(id);
    }

    /** Takes in what changed, and returns the rows to draw again; undefined: all. Rows never shown nobody waits for. */
    change({ ids, nodes = [], lists = [] }: TreeDidChangeParams): string[] | undefined {
        for (const node of nodes) if (this.#nodes.has(node.id)) this.#nodes.set(node.id, node);
        const told = new Set(lists.map(({ id }) => id));
        for (const id of ids ?? this.#lists.keys()) if (!told.has(id)) this.#lists.delete(id);
        for (const list of lists) this.#changeList(list);
        return ids?.filter((id) => this.#nodes.has(id));
    }

    /** The rows under `parent`, or the top ones: those at hand when the server has just changed them, else it is asked. */
    async children(parent?: string): Promise<string[]> {
        const key = parent ?? '';
        const atHand = this.#lists.get(key);
        if (this.#changed.delete(key) && atHand !== undefined) return [...atHand];
        const question = (this.#questions += 1);
        this.#asked.set(key, question);
        this.#lists.delete(key);
        const nodes = await this.#list(parent);
        for (const node of nodes) this.#nodes.set(node.id, node);
        const ids = nodes.map(({ id }) => id);
        if (this.#asked.get(key) === question) this.#lists.set(key, ids);
        return [...ids];
    }

    /** A list that is on its way, or another than the server thinks, is asked for again. */
    #changeList({ id, removed = [], nodes, before }: TreeListChange): void {
        const rows = this.#lists.get(id);
        if (rows === undefined) return;
        const kept = removed.length === 0 ? rows : rows.filter((row) => !removed.includes(row));
        const at = before === undefined ? kept.length : kept.indexOf(before);
        if (kept.length !== rows.length - removed.length || at === -1) {
            this.#lists.delete(id);
            return;
        }
        for (const node of nodes) this.#nodes.set(node.id, node);
        kept.splice(at, 0, ...nodes.map((node) => node.id));
        this.#lists.set(id, kept);
        this.#changed.add(id);
    }
}
