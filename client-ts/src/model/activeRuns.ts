import type { Run } from '../protocol.gen';

/** The runs that are under way, kept from whole snapshots that may arrive out of order. */
export class ActiveRuns {
    readonly #runs = new Map<string, Run>();

    /** Takes snapshots in; one older than what is known is dropped. */
    update(runs: readonly Run[]): void {
        for (const run of runs) {
            const known = this.#runs.get(run.id);
            if (known === undefined || known.revision <= run.revision) this.#runs.set(run.id, run);
        }
    }

    /** Those not yet final, in the order in which they were first seen. */
    get active(): Run[] {
        return [...this.#runs.values()].filter((run) => !run.isFinal);
    }
}
