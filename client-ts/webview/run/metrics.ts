import type { RunMetric, SeriesAxis } from '../../src/protocol.gen';
import type { Range } from '../chart';
import type { AskRows } from '../dataTable';
import { h, Part } from '../dom';
import { unwatchView, watchView } from '../inView';
import { onThemeChange } from '../theme';
import { MetricCard, type CardContext, type PlotSettings } from './metricCard';
import type { SeriesFeed } from './seriesFeed';
import { Tables } from './tables';
import type { RunTexts } from './texts';

/** What the page keeps of how its metrics are shown. */
export interface MetricsState {
    readonly settings?: PlotSettings;
    readonly filter?: string;
    readonly large?: string | undefined;
    readonly zooms?: Readonly<Record<string, Range>>;
}

export interface MetricsContext {
    readonly texts: RunTexts;
    readonly feed: SeriesFeed;
    readonly rowsOf: (metric: string) => AskRows;
    readonly state: MetricsState;
    readonly keep: (change: MetricsState) => void;
}

/** With more metrics than these there is a filter. */
const unfiltered = 8;

/** The metrics of a run: a plot for each scalar one, a table for each table, and the names of the rest. */
export class Metrics {
    readonly element: HTMLElement;
    readonly #context: MetricsContext;
    readonly #cards = new Map<string, MetricCard>();
    readonly #grid = h('div', { className: 'chart-grid' });
    readonly #empty = h('p', { className: 'empty' });
    readonly #toolbar: HTMLElement;
    readonly #section: HTMLElement;
    readonly #filter: HTMLInputElement;
    readonly #tables: Tables;
    readonly #others: Part<readonly RunMetric[]>;
    #settings: PlotSettings;
    #large: string | undefined;
    readonly #zooms: Map<string, Range>;
    #isFinal = false;

    constructor(context: MetricsContext) {
        this.#context = context;
        const { texts, state } = context;
        this.#settings = state.settings ?? { axis: 'step', smoothing: 0, isLogarithmic: false };
        this.#large = state.large;
        this.#zooms = new Map(Object.entries(state.zooms ?? {}));
        this.#filter = h('input', {
            type: 'search',
            className: 'input filter',
            placeholder: texts.filterMetrics,
            value: state.filter ?? '',
            attributes: { 'aria-label': texts.filterMetrics },
            oninput: () => {
                this.#context.keep({ filter: this.#filter.value });
                this.#applyFilter();
                // What is left may lie far above.
                if (this.#section.getBoundingClientRect().top < 0) this.#section.scrollIntoView();
            },
        });
        this.#toolbar = h('div', { className: 'toolbar', hidden: true }, this.#filter, ...this.#controls());
        this.#tables = new Tables(texts, context.rowsOf);
        this.#others = new Part(h('section', {}), (metrics) => this.#makeOthers(metrics));
        this.#section = h(
            'section',
            {},
            h('h2', {}, texts.metrics),
            h('p', { id: 'chart-keys', className: 'unseen' }, texts.chartKeys),
            this.#toolbar,
            this.#empty,
            this.#grid,
        );
        this.element = h('div', {}, this.#section, this.#tables.element, this.#others.element);
        onThemeChange(() => this.#cards.forEach((card) => card.redraw()));
    }

    /** Shows what the run has logged by now. */
    update(metrics: readonly RunMetric[], isFinal: boolean): void {
        const scalars = metrics.filter(({ kind }) => kind === 'scalar');
        this.#isFinal = isFinal;
        this.#updateCards(scalars);
        this.#tables.update(metrics);
        this.#others.show(metrics.filter(({ kind }) => kind !== 'scalar' && kind !== 'table'));
        this.#toolbar.hidden = scalars.length === 0;
        this.#filter.hidden = scalars.length <= unfiltered;
        this.#applyFilter();
        this.#section.hidden = scalars.length === 0 && metrics.length > 0;
    }

    /** A page that nobody sees asks for nothing. */
    setAwake(isAwake: boolean): void {
        for (const card of this.#cards.values()) card.setAwake(isAwake);
        this.#tables.setAwake(isAwake);
    }

    #updateCards(scalars: readonly RunMetric[]): void {
        const names = new Set(scalars.map(({ name }) => name));
        for (const [name, card] of this.#cards) {
            if (names.has(name)) continue;
            unwatchView(card.element);
            card.setInView(false);
            card.element.remove();
            this.#cards.delete(name);
        }
        let before: Element | null = null;
        for (const metric of scalars) {
            const known = this.#cards.get(metric.name);
            const card = known ?? new MetricCard(metric, this.#cardContext(), this.#zooms.get(metric.name));
            if (known === undefined) {
                this.#cards.set(metric.name, card);
                const after: Element | null =
                    before === null ? this.#grid.firstElementChild : before.nextElementSibling;
                this.#grid.insertBefore(card.element, after);
                card.setLarge(this.#large === metric.name);
                watchView(card.element, (isInView) => card.setInView(isInView));
            } else {
                card.update(metric);
            }
            before = card.element;
        }
    }

    #cardContext(): CardContext {
        const { texts, feed, rowsOf, keep } = this.#context;
        return {
            texts,
            feed,
            rowsOf,
            settings: () => this.#settings,
            enlarge: (metric) => {
                const before = this.#large;
                this.#large = metric;
                keep({ large: metric });
                for (const card of this.#cards.values()) card.setLarge(card.name === metric);
                const card = this.#cards.get(metric ?? before ?? '');
                card?.element.focus({ preventScroll: true });
                card?.element.scrollIntoView({ block: 'nearest' });
            },
            keepZoom: (metric, zoom) => {
                if (zoom === undefined) this.#zooms.delete(metric);
                else this.#zooms.set(metric, zoom);
                keep({ zooms: Object.fromEntries(this.#zooms) });
            },
        };
    }

    #applyFilter(): void {
        const { texts } = this.#context;
        const text = this.#filter.hidden ? '' : this.#filter.value.trim().toLowerCase();
        let shown = 0;
        for (const card of this.#cards.values()) {
            card.element.hidden = !card.name.toLowerCase().includes(text);
            shown += Number(!card.element.hidden);
        }
        this.#empty.hidden = shown > 0;
        const none = this.#isFinal ? texts.noMetricsEver : texts.noMetrics;
        this.#empty.textContent = this.#cards.size > 0 ? texts.noMatch : none;
    }

    #controls(): readonly Node[] {
        const { texts } = this.#context;
        const choices: readonly (readonly [SeriesAxis, string])[] = [
            ['step', texts.step],
            ['time', texts.time],
            ['elapsed', texts.elapsed],
        ];
        const axis = h(
            'select',
            {
                className: 'input',
                onchange: () => {
                    this.#set({ axis: axis.value as SeriesAxis });
                },
            },
            ...choices.map(([value, text]) => h('option', { value }, text)),
        );
        axis.value = this.#settings.axis;
        const weight = h('output', {});
        const smoothing = h('input', {
            type: 'range',
            min: '0',
            max: '0.99',
            step: '0.01',
            value: String(this.#settings.smoothing),
            oninput: () => {
                showWeight();
            },
            onchange: () => {
                this.#set({ smoothing: Number(smoothing.value) });
            },
        });
        const showWeight = (): void => {
            weight.value = Number(smoothing.value) === 0 ? texts.off : smoothing.value;
            smoothing.setAttribute('aria-valuetext', weight.value);
        };
        showWeight();
        const logarithmic = h('input', {
            type: 'checkbox',
            checked: this.#settings.isLogarithmic,
            onchange: () => {
                this.#set({ isLogarithmic: logarithmic.checked });
            },
        });
        return [
            h('label', { className: 'control' }, texts.axis, axis),
            h('label', { className: 'control' }, texts.smoothing, smoothing, weight),
            h('label', { className: 'control' }, logarithmic, texts.logarithmic),
        ];
    }

    #set(change: Partial<PlotSettings>): void {
        const isOtherAxis = change.axis !== undefined && change.axis !== this.#settings.axis;
        this.#settings = { ...this.#settings, ...change };
        this.#context.keep({ settings: this.#settings });
        for (const card of this.#cards.values()) card.applySettings(isOtherAxis);
    }

    #makeOthers(metrics: readonly RunMetric[]): readonly Node[] {
        if (metrics.length === 0) return [];
        const lines = metrics.map(({ name, value }) =>
            h('li', {}, value === '' ? name : `${name}: ${value}`),
        );
        return [
            h('h2', {}, this.#context.texts.otherMetrics),
            h('ul', { className: 'plain-list' }, ...lines),
        ];
    }
}
