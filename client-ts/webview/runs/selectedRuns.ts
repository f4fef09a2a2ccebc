import type { RunsColumn, RunsSeriesParams, RunsSeriesResult } from '../../src/protocol.gen';
import { button, h } from '../dom';
import { lineMark } from '../lineMark';
import { fill } from '../numbers';
import { Plots, type PlotsContext, type PlotsState } from '../plots';
import { SeriesFeed } from '../seriesFeed';
import { onThemeChange } from '../theme';
import { fullName, type SelectedRun, type Selection } from './selection';
import type { RunsTexts } from './texts';

type Comparison = 'compare' | 'compareCode';

/** What the part about the selected runs needs of the page. */
export interface SelectedContext extends Pick<PlotsContext, 'rowsOf' | 'save'> {
    readonly texts: RunsTexts;
    readonly ask: (params: RunsSeriesParams, signal: AbortSignal) => Promise<RunsSeriesResult>;
    readonly open: (run: string) => void;
    readonly compare: (kind: Comparison, left: string, right: string) => void;
    readonly state: PlotsState;
    readonly keep: (change: PlotsState) => void;
}

/** How often runs that go on are asked for more. */
const periodMs = 3000;

/** The selected runs: their names with their colours, and their metrics over each other. */
export class SelectedRuns {
    readonly element: HTMLElement;
    readonly #context: SelectedContext;
    readonly #selection: Selection;
    readonly #plots: Plots;
    readonly #feeds = new Map<string, SeriesFeed>();
    /** How often each was asked for more; those that are over are asked once more. */
    readonly #rounds = new Map<string, { count: number; isOver: boolean }>();
    readonly #count = h('h2', {});
    readonly #comparisons: readonly HTMLButtonElement[];
    readonly #legend = h('ul', { className: 'legend plain-list' });
    #metrics: readonly string[] = [];
    #isAwake = false;

    constructor(selection: Selection, context: SelectedContext) {
        this.#selection = selection;
        this.#context = context;
        const { texts, rowsOf, save, state, keep, open, compare } = context;
        this.#plots = new Plots({
            texts,
            ask: (run, wanted, signal) => this.#feedOf(run).get(wanted, signal),
            rowsOf,
            save,
            state,
            keep,
        });
        const openAll = button({ text: texts.open, picture: 'graph-line' }, () =>
            selection.runs.forEach(({ id }) => open(id)),
        );
        const clear = button({ label: texts.clearSelection, picture: 'clear-all', look: 'quiet' }, () =>
            selection.clear(),
        );
        const comparison = (kind: Comparison, text: string, picture: string): HTMLButtonElement =>
            button({ text, picture }, () => {
                const [left, right] = selection.runs;
                if (left !== undefined && right !== undefined) compare(kind, left.id, right.id);
            });
        this.#comparisons = [
            comparison('compare', texts.compare, 'diff'),
            comparison('compareCode', texts.compareCode, 'diff-multiple'),
        ];
        const buttons = [...this.#comparisons, openAll, clear];
        const head = h('div', { className: 'selected-head' }, this.#count, ...buttons);
        this.element = h(
            'section',
            { id: 'selected-runs', className: 'selected-runs' },
            head,
            this.#legend,
            this.#plots.element,
        );
        onThemeChange(() => this.#showLegend());
        window.setInterval(() => {
            this.#askForMore();
        }, periodMs);
    }

    /** Shows those that are selected now, and the metrics that there are. */
    update(columns: readonly RunsColumn[]): void {
        this.#metrics = columns.filter(({ group }) => group === 'metric').map(({ title }) => title);
        this.#show();
    }

    /** A page that nobody sees asks for nothing. */
    setAwake(isAwake: boolean): void {
        this.#isAwake = isAwake;
        this.#plots.setAwake(isAwake);
    }

    #show(): void {
        const { runs } = this.#selection;
        const { texts } = this.#context;
        const known = new Set(runs.map(({ id }) => id));
        for (const id of this.#rounds.keys()) if (!known.has(id)) this.#rounds.delete(id);
        for (const { id, isFinal } of runs)
            if (!this.#rounds.has(id)) this.#rounds.set(id, { count: 0, isOver: isFinal });
        this.#count.textContent = fill(texts.selected, runs.length);
        for (const element of this.#comparisons) element.hidden = runs.length !== 2;
        this.#showLegend();
        const lines = runs.map((run) => {
            const { id, style } = run;
            const revision = this.#rounds.get(id)?.count ?? 0;
            return { run: id, title: this.#selection.nameOf(run), style, revision };
        });
        const plots = runs.length === 0 ? [] : this.#metrics.map((name) => ({ name, lines }));
        this.#plots.update(plots, texts.noPlots);
    }

    #showLegend(): void {
        const { texts, open } = this.#context;
        const entry = (run: SelectedRun): HTMLElement => {
            const name = this.#selection.nameOf(run);
            const label = `${texts.deselect}: ${name}`;
            const remove = { label, picture: 'close', look: 'quiet', key: `remove ${run.id}` } as const;
            return h(
                'li',
                { className: 'legend-entry', title: fullName(run) },
                lineMark(run.style),
                button({ text: name, look: 'link', key: `open ${run.id}` }, () => open(run.id)),
                button(remove, () => this.#selection.toggle(run)),
            );
        };
        this.#legend.replaceChildren(...this.#selection.runs.map(entry));
    }

    #feedOf(run: string): SeriesFeed {
        const known = this.#feeds.get(run);
        if (known !== undefined) return known;
        const feed = new SeriesFeed((params, signal) => this.#context.ask({ ...params, id: run }, signal));
        this.#feeds.set(run, feed);
        return feed;
    }

    #askForMore(): void {
        if (!this.#isAwake) return;
        let isNew = false;
        for (const { id, isFinal } of this.#selection.runs) {
            const rounds = this.#rounds.get(id);
            if (rounds === undefined || rounds.isOver) continue;
            rounds.count += 1;
            rounds.isOver = isFinal;
            isNew = true;
        }
        if (isNew) this.#show();
    }
}
