import type { LoggedFile, RunMetric, RunsTableParams } from '../../src/protocol.gen';
import { DataTable, type AskRows } from '../dataTable';
import { h } from '../dom';
import { watchView } from '../inView';
import type { RunTexts } from './texts';

/** Where the rows of a table are: under a metric, or in a file. */
export type TableSource = Pick<RunsTableParams, 'metric' | 'path'>;

/** The tables that a script logged. */
export class Tables {
    readonly element: HTMLElement;
    readonly #texts: RunTexts;
    readonly #rowsOf: (source: TableSource) => AskRows;
    readonly #list = h('div', {});
    readonly #tables = new Map<string, LiveTable>();

    constructor(texts: RunTexts, rowsOf: (source: TableSource) => AskRows) {
        this.#texts = texts;
        this.#rowsOf = rowsOf;
        this.element = h('section', { hidden: true }, h('h2', {}, texts.tables), this.#list);
    }

    /** Shows what the run has logged by now. */
    update(metrics: readonly RunMetric[], logged: readonly LoggedFile[]): void {
        for (const { name, kind, revision } of metrics)
            if (kind === 'table') this.#show(name, { metric: name }, revision);
        for (const { name, kind, path, revision } of logged)
            if (kind === 'table') this.#show(name, { path }, revision);
        this.element.hidden = this.#tables.size === 0;
    }

    /** A page that nobody sees asks for nothing. */
    setAwake(isAwake: boolean): void {
        for (const table of this.#tables.values()) table.setAwake(isAwake);
    }

    #show(name: string, source: TableSource, revision: number): void {
        const key = JSON.stringify(source);
        let table = this.#tables.get(key);
        if (table === undefined) {
            table = new LiveTable(new DataTable(name, this.#texts, this.#rowsOf(source)));
            this.#tables.set(key, table);
            this.#list.append(h('h3', {}, name), table.element);
        }
        table.update(revision);
    }
}

/** A table that is asked for again when something is logged, as long as somebody sees it. */
class LiveTable {
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
