import type { KnownRun } from './contract';

/** A run that is compared with others: in the table, in the legend and in every plot by the same colour. */
export interface SelectedRun extends KnownRun {
    /** Number of its line style, which stays while it is selected. */
    readonly style: number;
    readonly isFinal: boolean;
}

/** A run's title with its name in Azure, since several runs may have the title. */
export function fullName({ id, title }: KnownRun): string {
    return `${title} (${id.replace(/^.*\//, '')})`;
}

/** The selected runs in the order of their colours' choice. */
export class Selection {
    readonly #changed: () => void;
    #runs: readonly SelectedRun[];

    constructor(runs: readonly SelectedRun[], changed: () => void) {
        this.#runs = runs;
        this.#changed = changed;
    }

    get runs(): readonly SelectedRun[] {
        return this.#runs;
    }

    styleOf(id: string): number | undefined {
        return this.#runs.find((run) => run.id === id)?.style;
    }

    /** What tells a selected run from the others. */
    nameOf(run: KnownRun): string {
        const isOnly = this.#runs.every(({ id, title }) => id === run.id || title !== run.title);
        return isOnly ? run.title : fullName(run);
    }

    /** Selects a run with the first style that is free, or no longer. */
    toggle({ id, title, isFinal }: KnownRun & { readonly isFinal: boolean }): void {
        if (this.styleOf(id) !== undefined) {
            this.#set(this.#runs.filter((run) => run.id !== id));
            return;
        }
        const taken = new Set(this.#runs.map(({ style }) => style));
        let style = 0;
        while (taken.has(style)) style += 1;
        this.#set([...this.#runs, { id, title, style, isFinal }]);
    }

    clear(): void {
        this.#set([]);
    }

    /** Takes in what is known now of runs, selected or not. */
    learn(rows: readonly (KnownRun & { readonly isFinal: boolean })[]): void {
        const runs = this.#runs.map((run) => {
            const { title, isFinal } = rows.find(({ id }) => id === run.id) ?? run;
            return { ...run, title, isFinal };
        });
        if (JSON.stringify(runs) !== JSON.stringify(this.#runs)) this.#set(runs);
    }

    #set(runs: readonly SelectedRun[]): void {
        this.#runs = runs;
        this.#changed();
    }
}
