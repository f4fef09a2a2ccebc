import './plots.css';
import type { Range } from './chart';
import { h } from './dom';
import { unwatchView, watchView } from './inView';
import { PlotCard, type CardContext, type Plotted } from './plotCard';
import { plotControls, type PlotSettings } from './plotControls';
import type { PlotTexts } from './texts';
import { onThemeChange } from './theme';

/** What a page keeps of how its plots are shown. */
export interface PlotsState {
    readonly settings?: PlotSettings;
    readonly filter?: string;
    readonly large?: string | undefined;
    readonly zooms?: Readonly<Record<string, Range>>;
}

/** What plots need of their page. */
export interface PlotsContext {
    readonly texts: PlotTexts;
    readonly ask: CardContext['ask'];
    readonly rowsOf: CardContext['rowsOf'];
    readonly save: CardContext['save'];
    readonly state: PlotsState;
    readonly keep: (change: PlotsState) => void;
}

/** With more plots than these there is a filter. */
const unfiltered = 8;

/** A plot for each metric, with what is chosen for all of them. */
export class Plots {
    readonly element: HTMLElement;
    readonly #context: PlotsContext;
    readonly #cards = new Map<string, PlotCard>();
    readonly #grid = h('div', { className: 'chart-grid' });
    readonly #empty = h('p', { className: 'empty' });
    readonly #toolbar: HTMLElement;
    readonly #filter: HTMLInputElement;
    readonly #zooms: Map<string, Range>;
    #settings: PlotSettings;
    #large: string | undefined;
    #none = '';

    constructor(context: PlotsContext) {
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
                if (this.element.getBoundingClientRect().top < 0) this.element.scrollIntoView();
            },
        });
        const controls = plotControls(texts, this.#settings, (change) => this.#set(change));
        this.#toolbar = h('div', { className: 'toolbar', hidden: true }, this.#filter, ...controls);
        this.element = h(
            'div',
            { className: 'plots' },
            h('p', { id: 'chart-keys', className: 'unseen' }, texts.chartKeys),
            this.#toolbar,
            this.#empty,
            this.#grid,
        );
        onThemeChange(() => this.#cards.forEach((card) => card.redraw()));
    }

    /** Shows these; `none` says what is so when there are none. */
    update(plots: readonly Plotted[], none: string): void {
        this.#none = none;
        const names = new Set(plots.map(({ name }) => name));
        for (const [name, card] of this.#cards) {
            if (names.has(name)) continue;
            unwatchView(card.element);
            card.setInView(false);
            card.element.remove();
            this.#cards.delete(name);
        }
        let before: Element | null = null;
        for (const plot of plots) {
            let card = this.#cards.get(plot.name);
            if (card === undefined) card = this.#add(plot, before);
            else card.update(plot);
            before = card.element;
        }
        this.#toolbar.hidden = plots.length === 0;
        this.#filter.hidden = plots.length <= unfiltered;
        this.#applyFilter();
    }

    /** A page that nobody sees asks for nothing. */
    setAwake(isAwake: boolean): void {
        for (const card of this.#cards.values()) card.setAwake(isAwake);
    }

    #add(plot: Plotted, before: Element | null): PlotCard {
        const card = new PlotCard(plot, this.#cardContext(), this.#zooms.get(plot.name));
        this.#cards.set(plot.name, card);
        const after = before === null ? this.#grid.firstElementChild : before.nextElementSibling;
        this.#grid.insertBefore(card.element, after);
        card.setLarge(this.#large === plot.name);
        watchView(card.element, (isInView) => card.setInView(isInView));
        return card;
    }

    #cardContext(): CardContext {
        const { texts, ask, rowsOf, save, keep } = this.#context;
        return {
            texts,
            ask,
            rowsOf,
            save,
            settings: () => this.#settings,
            enlarge: (name) => {
                const before = this.#large;
                this.#large = name;
                keep({ large: name });
                for (const card of this.#cards.values()) card.setLarge(card.name === name);
                const card = this.#cards.get(name ?? before ?? '');
                card?.element.focus({ preventScroll: true });
                card?.element.scrollIntoView({ block: 'nearest' });
            },
            keepZoom: (name, zoom) => {
                if (zoom === undefined) this.#zooms.delete(name);
                else this.#zooms.set(name, zoom);
                keep({ zooms: Object.fromEntries(this.#zooms) });
            },
            loaded: () => this.#applyFilter(),
        };
    }

    #applyFilter(): void {
        const { texts } = this.#context;
        const text = this.#filter.hidden ? '' : this.#filter.value.trim().toLowerCase();
        let shown = 0;
        for (const card of this.#cards.values()) {
            card.element.hidden = card.isEmpty || !card.name.toLowerCase().includes(text);
            shown += Number(!card.element.hidden);
        }
        this.#empty.hidden = shown > 0;
        this.#empty.textContent = text === '' ? this.#none : texts.noMatch;
    }

    #set(change: Partial<PlotSettings>): void {
        const isOtherAxis = change.axis !== undefined && change.axis !== this.#settings.axis;
        this.#settings = { ...this.#settings, ...change };
        this.#context.keep({ settings: this.#settings });
        for (const card of this.#cards.values()) card.applySettings(isOtherAxis);
    }
}
