import type { RunMetric } from '../../src/protocol.gen';
import { DataTable, type AskRows } from '../dataTable';
import { h } from '../dom';
import { watchView } from '../inView';
import type { RunTexts } from './texts';

/** The tables that a script logged. */
export class Tables {
    readonly element: HTMLElement;
    readonly #texts: RunTexts;
    readonly #rowsOf: (metric: string) => AskRows;
    readonly #list = h('div', {});
    readonly #tables = new Map<string, MetricTable>();

    constructor(texts: RunTexts, rowsOf: (metric: string) => AskRows) {
        this.#texts = texts;
        this.#rowsOf = rowsOf;
        this.element = h('section', { hidden: true }, h('h2', {}, texts.tables), this.#list);
    }

    /** Shows what the run has logged by now. */
    update(metrics: readonly RunMetric[]): void {
        for (const { name, kind, revision } of metrics) {
            if (kind !== 'table') continue;
            let table = this.#tables.get(name);
            if (table === undefined) {
                table = new MetricTable(new DataTable(name, this.#texts, this.#rowsOf(name)));
                this.#tables.set(name, table);
                this.#list.append(h('h3', {}, name), table.element);
            }
            table.update(revision);
        }
        this.element.hidden = this.#tables.size === 0;
    }

    /** A page that nobody sees asks for nothing. */
    setAwake(isAwake: boolean): void {
        for (const table of this.#tables.values()) table.setAwake(isAwake);
    }
}

/** A table that is asked for again when something is logged, as long as somebody sees it. */
class MetricTable {
    readonly #table: DataTable;
    #revision = 0;
    #shown: number | undefined;
    #isInView = false;
    #isAwake = true;

    constructor(table: DataTable) {
        this.#table = table;
        watchView(table.element, (isInView) => {
            this.#isInView = isInView;
            this.#refresh();
        });
    }

    get element(): HTMLElement {
        return this.#table.element;
    }

    update(revision: number): void {
        this.#revision = revision;
        this.#refresh();
    }

    setAwake(isAwake: boolean): void {
        this.#isAwake = isAwake;
        if (!isAwake && this.#table.stop()) this.#shown = undefined;
        this.#refresh();
    }

    #refresh(): void {
        if (!this.#isAwake || !this.#isInView || this.#shown === this.#revision) return;
        this.#shown = this.#revision;
        void this.#table.refresh();
    }
}
