import { placeText } from './axes';
import { Chart, nearest, type Range } from './chart';
import { DataTable, type AskRows } from './dataTable';
import { announce, button, h, icon } from './dom';
import { lineMark } from './lineMark';
import type { PageFile } from './messages';
import { fill, valueText } from './numbers';
import type { PlotSettings } from './plotControls';
import { plotFile, type PlotFormat } from './plotExport';
import { PlotLine, type AskWindow, type PlottedLine } from './plotLine';
import { openMenu } from './popup';
import { placesOf, type Series } from './series';
import type { PlotTexts } from './texts';

/** What is plotted: a metric of one run, or of several over each other. */
export interface Plotted {
    readonly name: string;
    /** The last value; absent where several runs are compared. */
    readonly value?: string;
    readonly lines: readonly PlottedLine[];
}

/** What the plots of a page share. */
export interface CardContext {
    readonly texts: PlotTexts;
    readonly ask: (run: string, ...wanted: Parameters<AskWindow>) => ReturnType<AskWindow>;
    readonly settings: () => PlotSettings;
    /** All that a run has logged of a metric. */
    readonly rowsOf: (run: string, metric: string) => AskRows;
    readonly save: (make: () => Promise<PageFile>) => Promise<void>;
    /** Makes this the only large plot, or none. */
    readonly enlarge: (metric: string | undefined) => void;
    readonly keepZoom: (metric: string, zoom: Range | undefined) => void;
    /** Hears of answers, after which a plot may be empty. */
    readonly loaded: () => void;
}

/** Room for the values of all lines, in pixels. */
const valuesWidth = 260;

/** A line that has come, with what is said of it. */
type ShownLine = PlottedLine & { readonly series: Series };

/** A metric: its plot and its last value; enlarged, with a table of its values. */
export class PlotCard {
    readonly element: HTMLElement;
    readonly #context: CardContext;
    readonly #chart: Chart;
    readonly #lines = new Map<string, PlotLine>();
    readonly #value = h('span', { className: 'chart-value' });
    readonly #size: HTMLButtonElement;
    readonly #save: HTMLButtonElement;
    readonly #about = h('span', { className: 'chart-about' });
    readonly #readout = h('span', { className: 'chart-readout' });
    readonly #values = h('div', { className: 'chart-values', hidden: true });
    readonly #reset: HTMLButtonElement;
    #plot: Plotted;
    #zoom: Range | undefined;
    #isInView = false;
    #isAwake = true;
    #table: DataTable | undefined;
    /** Where any line has a point, and which of these the cursor is at. */
    #places = new Float64Array();
    #point: number | undefined;

    constructor(plot: Plotted, context: CardContext, zoom: Range | undefined) {
        this.#plot = plot;
        this.#context = context;
        this.#zoom = zoom;
        const { texts } = context;
        const { name } = plot;
        const resize = (): void => context.enlarge(this.isLarge ? undefined : name);
        this.#chart = new Chart({
            zoom: (range) => this.#zoomTo(range),
            reset: () => this.#zoomTo(undefined),
            click: resize,
            point: (x) => this.#showPoint(x),
        });
        this.#size = button({ label: texts.enlarge, picture: 'screen-full', look: 'quiet' }, resize);
        this.#save = button({ label: texts.savePlot, picture: 'save', look: 'quiet' }, () =>
            this.#openMenu(),
        );
        this.#save.setAttribute('aria-haspopup', 'menu');
        this.#reset = button({ text: texts.resetZoom, look: 'link' }, () => this.#zoomTo(undefined));
        this.element = h(
            'figure',
            {
                className: 'chart',
                tabIndex: 0,
                onkeydown: (event) => {
                    this.#press(event);
                },
                oncontextmenu: (event) => {
                    event.preventDefault();
                    this.#openMenu();
                },
            },
            h(
                'figcaption',
                { className: 'chart-head' },
                h('span', { className: 'chart-name', title: name }, name),
                this.#value,
                this.#save,
                this.#size,
            ),
            this.#chart.element,
            this.#values,
            h('div', { className: 'chart-foot' }, this.#about, this.#reset, this.#readout),
        );
        this.element.setAttribute('aria-describedby', 'chart-keys');
        new ResizeObserver(() => this.#resized()).observe(this.#chart.element);
        this.#label();
    }

    get name(): string {
        return this.#plot.name;
    }

    get isLarge(): boolean {
        return this.#table !== undefined;
    }

    /** Whether it is known that none of several runs has logged this. */
    get isEmpty(): boolean {
        if (this.#plot.value !== undefined) return false;
        return this.#plot.lines.every(({ run }) => this.#lines.get(run)?.series?.points === 0);
    }

    /** Takes in what is known of the metric now. */
    update(plot: Plotted): void {
        const before = this.#plot;
        this.#plot = plot;
        const runs = new Set(plot.lines.map(({ run }) => run));
        for (const [run, line] of this.#lines) {
            if (runs.has(run)) continue;
            line.stop();
            this.#lines.delete(run);
        }
        const { lines } = before;
        const isOther = JSON.stringify(lines) !== JSON.stringify(plot.lines);
        if (isOther) this.#draw();
        this.#label();
        this.refresh();
        if (isOther && this.#isAwake) void this.#table?.refresh();
    }

    /** Cards out of view ask for nothing and have no canvas. */
    setInView(isInView: boolean): void {
        this.#isInView = isInView;
        if (!isInView) {
            this.#stop();
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
            this.#stop();
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
        const { texts } = this.#context;
        this.element.classList.toggle('large', isLarge);
        const label = isLarge ? texts.makeSmall : texts.enlarge;
        this.#size.title = label;
        this.#size.setAttribute('aria-label', label);
        this.#size.replaceChildren(icon(isLarge ? 'screen-normal' : 'screen-full'));
        if (isLarge) {
            const title = `${this.name} · ${texts.values}`;
            this.#table = new DataTable(title, texts, this.#rows());
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
        const width = Math.min(10_000, Math.round(this.#chart.element.clientWidth));
        if (!this.#isInView || !this.#isAwake || width === 0) return;
        const { axis, smoothing } = this.#context.settings();
        const range = this.#zoom === undefined ? {} : { from: this.#zoom[0], to: this.#zoom[1] };
        const wanted = { metric: this.name, axis, width, ...range, ...(smoothing > 0 && { smoothing }) };
        for (const { run, revision } of this.#plot.lines) this.#lineOf(run).refresh(wanted, revision);
    }

    #lineOf(run: string): PlotLine {
        const known = this.#lines.get(run);
        if (known !== undefined) return known;
        const line = new PlotLine(
            async (wanted, signal) => this.#context.ask(run, wanted, signal),
            () => this.#loaded(),
        );
        this.#lines.set(run, line);
        return line;
    }

    #stop(): void {
        for (const line of this.#lines.values()) line.stop();
    }

    #loaded(): void {
        this.#draw();
        if (this.#isCompared) void this.#table?.refresh();
        this.#context.loaded();
    }

    /** Whether several runs are drawn over each other. */
    get #isCompared(): boolean {
        return this.#plot.value === undefined;
    }

    /** The rows of the table: all of one run; of several, what is drawn. */
    #rows(): AskRows {
        const [line] = this.#plot.lines;
        if (this.#isCompared || line === undefined) return (offset, count) => this.#drawnRows(offset, count);
        return this.#context.rowsOf(line.run, this.name);
    }

    #openMenu(): void {
        const { texts } = this.#context;
        const formats: readonly (readonly [PlotFormat, string])[] = [
            ['png', texts.savePng],
            ['svg', texts.saveSvg],
            ['csv', texts.saveCsv],
        ];
        const items = formats.map(([format, text]) => ({ text, run: () => void this.#saveAs(format) }));
        const { left, bottom } = this.#save.getBoundingClientRect();
        openMenu(left, bottom, texts.savePlot, items, () => this.#save.focus({ preventScroll: true }));
    }

    async #saveAs(format: PlotFormat): Promise<void> {
        const { texts, ask, rowsOf, settings, save } = this.#context;
        const { name, lines } = this.#plot;
        const plot = { name, lines, settings: settings(), zoom: this.#zoom, ask, rowsOf, texts };
        this.#save.setAttribute('aria-busy', 'true');
        await save(() => plotFile(plot, format));
        this.#save.removeAttribute('aria-busy');
    }

    /** The lines that have come, in their order. */
    get #shown(): readonly ShownLine[] {
        return this.#plot.lines.flatMap((line) => {
            const series = this.#lines.get(line.run)?.series;
            return series === undefined ? [] : [{ ...line, series }];
        });
    }

    #draw(): void {
        const shown = this.#shown;
        this.#places = placesOf(shown.map(({ series }) => series));
        const { axis, smoothing, isLogarithmic } = this.#context.settings();
        const look = { axis, isLogarithmic, isSmoothed: smoothing > 0 };
        if (this.#isInView) this.#chart.show(shown, look, this.#zoom);
        this.#showAbout(shown);
        this.#reset.hidden = this.#zoom === undefined;
        this.#label();
    }

    #showAbout(shown: readonly ShownLine[]): void {
        const { texts } = this.#context;
        const failed = this.#plot.lines.map(({ run }) => this.#lines.get(run)?.error).find(Boolean);
        if (failed !== undefined) {
            const again = button({ text: texts.tryAgain, look: 'link' }, () => this.refresh());
            this.#about.replaceChildren(failed.message, ' ', again);
            return;
        }
        if (shown.length === 0) return;
        const number = new Intl.NumberFormat(document.documentElement.lang);
        const sum = (part: 'points' | 'drawn' | 'inRange'): number =>
            shown.reduce((count, { series }) => count + series[part], 0);
        const points = sum('points');
        const count = points === 1 ? texts.onePoint : fill(texts.points, number.format(points));
        const drawn = fill(texts.drawn, number.format(sum('drawn')), number.format(sum('inRange')));
        const parts = [
            sum('drawn') < sum('inRange') ? drawn : count,
            ...shown.map(({ title, series: { note } }) =>
                note === undefined || title === '' ? (note ?? '') : `${title}: ${note}`,
            ),
            this.#chart.hidden > 0 ? texts.notLogarithmic : '',
        ];
        this.#about.textContent = parts.filter((part) => part !== '').join(' · ');
    }

    #label(): void {
        const { texts } = this.#context;
        const { name, value, lines } = this.#plot;
        const shown = this.#shown;
        this.#value.textContent = value ?? '';
        const points = shown.length === 0 ? '…' : shown.reduce((sum, { series }) => sum + series.points, 0);
        const label =
            value === undefined
                ? fill(texts.linesLabel, name, lines.map(({ title }) => title).join(', '), points)
                : fill(texts.chartLabel, name, value, points);
        this.element.setAttribute('aria-label', label);
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

    /** Shows the point that lies nearest to a place of the axis. */
    #showPoint(x: number | undefined): void {
        const places = this.#places;
        this.#point = x === undefined ? undefined : nearest(places, x);
        const at = places[this.#point ?? -1];
        this.#values.hidden = at === undefined || !this.#isCompared;
        if (at === undefined) this.#readout.textContent = '';
        else if (this.#isCompared) this.#showValues(at);
        else this.#readout.textContent = this.#pointText(at);
    }

    /** The values of all lines at a place, beside the plot where there is room, else where the cursor is not. */
    #showValues(at: number): void {
        const { left, right } = this.element.getBoundingClientRect();
        const [from = 0, to = 1] = this.#zoom ?? [this.#places[0], this.#places.at(-1)];
        const inside = at > (from + to) / 2 ? 'inside-left' : 'inside-right';
        const beside = left > valuesWidth ? 'before' : inside;
        const side = innerWidth - right > valuesWidth ? 'after' : beside;
        this.#values.className = `chart-values ${this.isLarge ? inside : side}`;
        const lines = this.#shown.map(({ title, style, series }) =>
            h(
                'li',
                {},
                lineMark(style),
                h('span', { className: 'chart-line' }, title),
                h('span', {}, valueAt(series, at)),
            ),
        );
        const place = h('div', { className: 'dim' }, this.#placeText(at));
        this.#values.replaceChildren(place, h('ul', { className: 'plain-list' }, ...lines));
    }

    #placeText(at: number): string {
        const { texts, settings } = this.#context;
        const { axis } = settings();
        const place = placeText(at, axis, document.documentElement.lang);
        return axis === 'step' ? fill(texts.stepNumber, place) : place;
    }

    #pointText(at: number): string {
        const { texts, settings } = this.#context;
        const { axis } = settings();
        const shown = this.#shown;
        if (this.#isCompared) {
            const values = shown.map(({ title, series }) => `${title}: ${valueAt(series, at)}`);
            return [this.#placeText(at), ...values].join('; ');
        }
        const text = { step: texts.atStep, time: texts.atTime, elapsed: texts.afterTime }[axis];
        const value = shown[0] === undefined ? '' : valueAt(shown[0].series, at);
        return fill(text, placeText(at, axis, document.documentElement.lang), value);
    }

    /** What is drawn, a column for each line. */
    async #drawnRows(offset: number, count: number): ReturnType<AskRows> {
        const { texts, settings } = this.#context;
        const { axis } = settings();
        const shown = this.#shown;
        const places = this.#places;
        const language = document.documentElement.lang;
        const rows = [...places.subarray(offset, offset + count)].map((at) => ({
            cells: [placeText(at, axis, language), ...shown.map(({ series }) => valueAt(series, at))],
        }));
        const columns = [texts[axis], ...shown.map(({ title }) => title)];
        return Promise.resolve({ columns, rows, total: places.length });
    }

    #press(event: KeyboardEvent): void {
        if (event.target !== this.element || event.ctrlKey || event.altKey || event.metaKey) return;
        const count = this.#places.length;
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
        const places = this.#places;
        const at = places[Math.min(places.length - 1, Math.max(0, index))];
        if (at === undefined) return;
        this.#chart.pointAt(at);
        this.#showPoint(at);
        announce(this.#pointText(at));
    }

    /** Shows more or less of the axis, around the cursor. */
    #scale(factor: number): void {
        const places = this.#places;
        if (places.length < 2) return;
        const whole = [places[0] ?? 0, places.at(-1) ?? 0] as const;
        const [from, to] = this.#zoom ?? whole;
        const center = places[this.#point ?? -1] ?? (from + to) / 2;
        const range = [center - (center - from) * factor, center + (to - center) * factor] as const;
        this.#zoomTo(range);
        this.#point = nearest(places, center);
    }

    /** Leaves one thing at a time: the cursor, the zoom, the large view. */
    #escape(): void {
        if (this.#zoom !== undefined) this.#zoomTo(undefined);
        else if (this.isLarge) this.#context.enlarge(undefined);
        this.#chart.pointAt(undefined);
        this.#showPoint(undefined);
    }
}

/** The value of a line at a place, of its nearest point if it has none there; nothing outside of it. */
function valueAt({ x, y }: Series, at: number): string {
    const isOutside = x.length === 0 || at < (x[0] ?? 0) || at > (x.at(-1) ?? 0);
    const index = isOutside ? undefined : nearest(x, at);
    return index === undefined ? '–' : valueText(y[index] ?? NaN);
}
