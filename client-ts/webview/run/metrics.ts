import type { RunMetric, RunView } from '../../src/protocol.gen';
import type { AskRows } from '../dataTable';
import { h, Part } from '../dom';
import { Plots, type PlotsContext, type PlotsState } from '../plots';
import type { SeriesFeed } from '../seriesFeed';
import { Tables, type TableSource } from './tables';
import type { RunTexts } from './texts';

export interface MetricsContext {
    readonly texts: RunTexts;
    readonly feed: SeriesFeed;
    readonly rowsOf: (source: TableSource) => AskRows;
    readonly save: PlotsContext['save'];
    readonly state: PlotsState;
    readonly keep: (change: PlotsState) => void;
}

/** Kinds of metrics that are more than a line. */
const shownElsewhere = new Set(['scalar', 'table', 'picture', 'chart']);

/** The metrics of a run: a plot for each scalar one, a table for each table, and the names of the rest. */
export class Metrics {
    readonly element: HTMLElement;
    readonly #texts: RunTexts;
    readonly #plots: Plots;
    readonly #section: HTMLElement;
    readonly #tables: Tables;
    readonly #others: Part<readonly RunMetric[]>;

    constructor({ texts, feed, rowsOf, save, state, keep }: MetricsContext) {
        this.#texts = texts;
        const ask = (_: string, ...wanted: Parameters<SeriesFeed['get']>) => feed.get(...wanted);
        this.#plots = new Plots({ texts, ask, rowsOf: (_, metric) => rowsOf({ metric }), save, state, keep });
        this.#tables = new Tables(texts, rowsOf);
        this.#others = new Part(h('section', {}), (metrics) => this.#makeOthers(metrics));
        this.#section = h('section', {}, h('h2', {}, texts.metrics), this.#plots.element);
        this.element = h('div', {}, this.#section, this.#tables.element, this.#others.element);
    }

    /** Shows what the run has logged by now. */
    update({ metrics, logged, isFinal }: RunView): void {
        const { noMetrics, noMetricsEver } = this.#texts;
        const scalars = metrics.filter(({ kind }) => kind === 'scalar');
        const plots = scalars.map(({ name, value, revision }) => {
            return { name, value, lines: [{ run: '', title: '', style: 0, revision }] };
        });
        this.#plots.update(plots, isFinal ? noMetricsEver : noMetrics);
        this.#tables.update(metrics, logged);
        this.#others.show(metrics.filter(({ kind }) => !shownElsewhere.has(kind)));
        this.#section.hidden = scalars.length === 0 && metrics.length > 0;
    }

    /** A page that nobody sees asks for nothing. */
    setAwake(isAwake: boolean): void {
        this.#plots.setAwake(isAwake);
        this.#tables.setAwake(isAwake);
    }

    #makeOthers(metrics: readonly RunMetric[]): readonly Node[] {
        if (metrics.length === 0) return [];
        const lines = metrics.map(({ name, value }) =>
            h('li', {}, value === '' ? name : `${name}: ${value}`),
        );
        return [h('h2', {}, this.#texts.otherMetrics), h('ul', { className: 'plain-list' }, ...lines)];
    }
}
