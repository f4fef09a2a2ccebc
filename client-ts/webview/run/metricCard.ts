import type { RunMetric, SeriesAxis } from '../../src/protocol.gen';
import { placeText } from '../axes';
import { Chart, nearest, type Range } from '../chart';
import { DataTable, type AskRows } from '../dataTable';
import { announce, button, h, icon } from '../dom';
import { fill, valueText } from '../numbers';
import { join, knownPoints, type Series } from '../series';
import type { SeriesFeed } from './seriesFeed';
import type { RunTexts } from './texts';

/** What is chosen for all plots. */
export interface PlotSettings {
    readonly axis: SeriesAxis;
    /** Weight of what went before; 0: not smoothed. */
    readonly smoothing: number;
    readonly isLogarithmic: boolean;
}

/** What the cards of a page share. */
export interface CardContext {
    readonly texts: RunTexts;
    readonly feed: SeriesFeed;
    readonly settings: () => PlotSettings;
    readonly rowsOf: (metric: string) => AskRows;
    /** Makes this the only large card, or none. */
    readonly enlarge: (metric: string | undefined) => void;
    readonly keepZoom: (metric: string, zoom: Range | undefined) => void;
}

/** A scalar metric: its plot and its last value; enlarged, with a table of its values. */
export class MetricCard {
    readonly element: HTMLElement;
    readonly #context: CardContext;
    readonly #chart: Chart;
    readonly #value = h('span', { className: 'chart-value' });
    readonly #size: HTMLButtonElement;
    readonly #about = h('span', { className: 'chart-about' });
    readonly #readout = h('span', { className: 'chart-readout' });
    readonly #reset: HTMLButtonElement;
    #metric: RunMetric;
    #series: Series | undefined;
    #loaded = '';
    #loadedWindow = '';
    #asking: { readonly window: string; readonly stop: AbortController } | undefined;
    #zoom: Range | undefined;
    #isInView = false;
    #isAwake = true;
    #table: DataTable | undefined;
    #point: number | undefined;

    constructor(metric: RunMetric, context: CardContext, zoom: Range | undefined) {
        this.#metric = metric;
        this.#context = context;
        this.#zoom = zoom;
        const { texts } = context;
        this.#chart = new Chart({
            zoom: (range) => this.#zoomTo(range),
            reset: () => this.#zoomTo(undefined),
            click: () => context.enlarge(this.isLarge ? undefined : metric.name),
            point: (index) => this.#showPoint(index),
        });
        this.#size = button({ label: texts.enlarge, picture: 'screen-full', look: 'quiet' }, () =>
            context.enlarge(this.isLarge ? undefined : metric.name),
        );
        this.#reset = button({ text: texts.resetZoom, look: 'link' }, () => this.#zoomTo(undefined));
        const name = h('span', { className: 'chart-name', title: metric.name }, metric.name);
        this.element = h(
            'figure',
            {
                className: 'chart',
                tabIndex: 0,
                onkeydown: (event) => {
                    this.#press(event);
                },
            },
            h('figcaption', { className: 'chart-head' }, name, this.#value, this.#size),
            this.#chart.element,
            h('div', { className: 'chart-foot' }, this.#about, this.#reset, this.#readout),
        );
        this.element.setAttribute('aria-describedby', 'chart-keys');
        new ResizeObserver(() => this.#resized()).observe(this.#chart.element);
        this.#label();
    }

    get name(): string {
        return this.#metric.name;
    }

    get isLarge(): boolean {
        return this.#table !== undefined;
    }

    /** Takes in what is known of the metric now. */
    update(metric: RunMetric): void {
        const isNew = metric.revision !== this.#metric.revision;
        this.#metric = metric;
        this.#label();
        this.refresh();
        if (isNew && this.#isAwake) void this.#table?.refresh();
    }

    /** Cards out of view ask for nothing and have no canvas. */
    setInView(isInView: boolean): void {
        this.#isInView = isInView;
        if (!isInView) {
            this.#asking?.stop.abort();
            this.#asking = undefined;
            this.#chart.hide();
            return;
        }
        this.#draw();
        this.refresh();
    }

    /** A page that nobody sees asks for nothing. */
    setAwake(isAwake: boolean): void {
        this.#isAwake = isAwake;
        if (isAwake) {
            this.refresh();
            void this.#table?.refresh();
        } else {
            this.#asking?.stop.abort();
            this.#asking = undefined;
            this.#table?.stop();
        }
    }

    /** Shows the settings that are chosen now. Another axis ends a zoom. */
    applySettings(endZoom: boolean): void {
        if (endZoom && this.#zoom !== undefined) {
            this.#zoom = undefined;
            this.#context.keepZoom(this.name, undefined);
        }
        this.#draw();
        this.refresh();
    }

    setLarge(isLarge: boolean): void {
        if (isLarge === this.isLarge) return;
        const { texts, rowsOf } = this.#context;
        this.element.classList.toggle('large', isLarge);
        const label = isLarge ? texts.makeSmall : texts.enlarge;
        this.#size.title = label;
        this.#size.setAttribute('aria-label', label);
        this.#size.replaceChildren(icon(isLarge ? 'screen-normal' : 'screen-full'));
        if (isLarge) {
            const title = `${this.name} · ${texts.values}`;
            this.#table = new DataTable(title, texts, rowsOf(this.name));
            this.element.append(this.#table.element);
            this.element.setAttribute('aria-details', this.#table.id);
            if (this.#isAwake) void this.#table.refresh();
        } else {
            this.#table?.stop();
            this.#table?.element.remove();
            this.#table = undefined;
            this.element.removeAttribute('aria-details');
        }
        this.#chart.draw();
    }

    /** In another theme. */
    redraw(): void {
        if (this.#isInView) this.#chart.draw();
    }

    /** Asks for what is not shown yet, if anybody sees it. */
    refresh(): void {
        const width = Math.round(this.#chart.element.clientWidth);
        if (!this.#isInView || !this.#isAwake || width === 0) return;
        const { axis, smoothing } = this.#context.settings();
        const window = JSON.stringify([axis, smoothing, this.#zoom, width]);
        const wanted = `${window} ${this.#metric.revision}`;
        if (wanted === this.#loaded || this.#asking?.window === window) return;
        this.#asking?.stop.abort();
        const asking = { window, stop: new AbortController() };
        this.#asking = asking;
        void this.#load(window, wanted, asking.stop.signal).finally(() => {
            if (this.#asking !== asking) return;
            this.#asking = undefined;
            // What was logged meanwhile; a failure waits until it is asked again.
            if (this.#loaded === wanted) this.refresh();
        });
    }

    async #load(window: string, wanted: string, signal: AbortSignal): Promise<void> {
        const { axis, smoothing } = this.#context.settings();
        const known = window === this.#loadedWindow ? this.#series : undefined;
        const range = this.#zoom === undefined ? {} : { from: this.#zoom[0], to: this.#zoom[1] };
        const width = Math.min(10_000, Math.round(this.#chart.element.clientWidth));
        try {
            const answer = await this.#context.feed.get(
                {
                    metric: this.name,
                    after: knownPoints(known),
                    axis,
                    width,
                    ...range,
                    ...(smoothing > 0 && { smoothing }),
                },
                signal,
            );
            this.#series = join(known, answer);
            this.#loaded = wanted;
            this.#loadedWindow = window;
            this.#draw();
        } catch (error) {
            if (signal.aborted) return;
            this.#loaded = '';
            this.#loadedWindow = '';
            const again = button({ text: this.#context.texts.tryAgain, look: 'link' }, () => this.refresh());
            this.#about.replaceChildren((error as Error).message, ' ', again);
        }
    }

    #draw(): void {
        const series = this.#series;
        if (series === undefined) return;
        const { axis, smoothing, isLogarithmic } = this.#context.settings();
        const look = { axis, isLogarithmic, isSmoothed: smoothing > 0 };
        if (this.#isInView) this.#chart.show(series, look, this.#zoom);
        const { texts } = this.#context;
        const count = (number: number): string =>
            new Intl.NumberFormat(document.documentElement.lang).format(number);
        const points = series.points === 1 ? texts.onePoint : fill(texts.points, count(series.points));
        const drawn = fill(texts.drawn, count(series.drawn), count(series.inRange));
        const parts = [
            series.drawn < series.inRange ? drawn : points,
            series.note ?? '',
            this.#chart.hidden > 0 ? texts.notLogarithmic : '',
        ];
        this.#about.textContent = parts.filter((part) => part !== '').join(' · ');
        this.#reset.hidden = this.#zoom === undefined;
        this.#label();
    }

    #label(): void {
        const { name, value } = this.#metric;
        this.#value.textContent = value;
        const { texts } = this.#context;
        const points = this.#series === undefined ? '…' : String(this.#series.points);
        this.element.setAttribute('aria-label', fill(texts.chartLabel, name, value, points));
    }

    #resized(): void {
        if (!this.#isInView) return;
        this.#chart.resize();
        this.refresh();
    }

    #zoomTo(range: Range | undefined): void {
        if (range === undefined && this.#zoom === undefined) return;
        if (range !== undefined && !(range[1] > range[0])) return;
        this.#zoom = range;
        this.#context.keepZoom(this.name, range);
        this.#draw();
        this.refresh();
    }

    #showPoint(index: number | undefined): void {
        this.#point = index;
        this.#readout.textContent = index === undefined ? '' : this.#pointText(index);
    }

    #pointText(index: number): string {
        const { texts, settings } = this.#context;
        const { axis } = settings();
        const text = { step: texts.atStep, time: texts.atTime, elapsed: texts.afterTime }[axis];
        const place = placeText(this.#series?.x[index] ?? 0, axis, document.documentElement.lang);
        return fill(text, place, valueText(this.#series?.y[index] ?? NaN));
    }

    #press(event: KeyboardEvent): void {
        if (event.target !== this.element || event.ctrlKey || event.altKey || event.metaKey) return;
        const count = this.#series?.x.length ?? 0;
        const at = this.#point;
        const step = (by: number): void => this.#goTo(at === undefined ? (by > 0 ? 0 : count - 1) : at + by);
        const keys: Record<string, () => void> = {
            ArrowRight: () => step(1),
            ArrowLeft: () => step(-1),
            PageDown: () => step(10),
            PageUp: () => step(-10),
            Home: () => this.#goTo(0),
            End: () => this.#goTo(count - 1),
            '+': () => this.#scale(0.5),
            '=': () => this.#scale(0.5),
            '-': () => this.#scale(2),
            Enter: () => this.#context.enlarge(this.isLarge ? undefined : this.name),
            Escape: () => this.#escape(),
        };
        const action = keys[event.key];
        if (action === undefined) return;
        event.preventDefault();
        action();
    }

    #goTo(index: number): void {
        const count = this.#series?.x.length ?? 0;
        if (count === 0) return;
        const point = Math.min(count - 1, Math.max(0, index));
        this.#chart.pointAt(point);
        this.#showPoint(point);
        announce(this.#pointText(point));
    }

    /** Shows more or less of the axis, around the cursor. */
    #scale(factor: number): void {
        const x = this.#series?.x;
        if (x === undefined || x.length < 2) return;
        const whole = [x[0] ?? 0, x[x.length - 1] ?? 0] as const;
        const [from, to] = this.#zoom ?? whole;
        const center = x[this.#point ?? -1] ?? (from + to) / 2;
        const range = [center - (center - from) * factor, center + (to - center) * factor] as const;
        this.#zoomTo(range);
        this.#point = nearest(x, center);
    }

    /** Leaves one thing at a time: the cursor, the zoom, the large view. */
    #escape(): void {
        if (this.#zoom !== undefined) this.#zoomTo(undefined);
        else if (this.isLarge) this.#context.enlarge(undefined);
        this.#chart.pointAt(undefined);
        this.#showPoint(undefined);
    }
}
