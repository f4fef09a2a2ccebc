import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { SeriesAxis } from '../src/protocol.gen';
import { horizontalAxis, verticalTexts } from './axes';
import { h } from './dom';
import { lineStyle } from './palette';
import { columnsOf, type Columns, type LineColumns, type Series } from './series';
import { theme } from './theme';

/** A part of the horizontal axis. */
export type Range = readonly [from: number, to: number];

/** A line, and the number of the style that it is drawn in. */
export interface ChartLine {
    readonly series: Series;
    readonly style: number;
}

/** How lines are drawn. */
export interface ChartLook {
    readonly axis: SeriesAxis;
    readonly isLogarithmic: boolean;
    readonly isSmoothed: boolean;
}

/** A plot in pixels, for whoever draws it elsewhere. */
export interface Drawing {
    /** Where the lines are: all other places are relative to its corner. */
    readonly area: {
        readonly left: number;
        readonly top: number;
        readonly width: number;
        readonly height: number;
    };
    readonly horizontal: readonly AxisMark[];
    readonly vertical: readonly AxisMark[];
    readonly lines: readonly DrawnLine[];
}

/** A place on an axis that has a text. */
export interface AxisMark {
    readonly at: number;
    readonly text: string;
}

/** A point of a line; none where it is broken. */
export type DrawnPoint = readonly [x: number, y: number] | null;

/** A line of a plot, in its number's style. */
export interface DrawnLine {
    readonly style: number;
    readonly raw: readonly DrawnPoint[];
    /** Empty unless it is smoothed. */
    readonly smooth: readonly DrawnPoint[];
    /** Those of `raw` that have a dot. */
    readonly dots: readonly DrawnPoint[];
    /** Where there is no number, from the left. */
    readonly breaks: readonly number[];
}

/** Who hears what happens on a plot. */
export interface ChartUser {
    /** A part was marked with the mouse. */
    readonly zoom: (range: Range) => void;
    /** The whole is wanted again. */
    readonly reset: () => void;
    readonly click: () => void;
    /** The cursor is at this place of the axis, or gone. */
    readonly point: (x: number | undefined) => void;
}

const doubleClickMs = 250;

/** In the words of uPlot. */
const logarithmic = { distr: 3 } as const;

/** Lines in a plot: drawn by uPlot, with a cursor that all plots of a page share. */
export class Chart {
    readonly element = h('div', { className: 'plot' });
    readonly #user: Partial<ChartUser>;
    readonly #language = document.documentElement.lang;
    #plot: uPlot | undefined;
    #lines: readonly ChartLine[] = [];
    #columns: Columns = { x: [], lines: [] };
    #look: ChartLook = { axis: 'step', isLogarithmic: false, isSmoothed: false };
    #drawn = '';
    #zoom: Range | undefined;
    #pressedAt = 0;
    #click: number | undefined;

    /** Without a user nobody hears of anything. */
    constructor(user: Partial<ChartUser> = {}) {
        this.#user = user;
    }

    /** Shows the lines, all that is known of them or a part of the axis. */
    show(lines: readonly ChartLine[], look: ChartLook, zoom: Range | undefined): void {
        const drawn = JSON.stringify([look, lines.map(({ style }) => style)]);
        const isSame = drawn === this.#drawn;
        this.#drawn = drawn;
        this.#lines = lines;
        this.#look = look;
        this.#zoom = zoom;
        const all = lines.map(({ series }) => series);
        this.#columns = columnsOf(all, look.isLogarithmic ? (value) => value > 0 : undefined);
        if (this.#plot !== undefined && isSame) this.#plot.setData(this.#data());
        else this.draw();
    }

    /** Draws it afresh, in the theme and size of now. */
    draw(): void {
        this.hide();
        const { clientWidth: width, clientHeight: height } = this.element;
        if (this.#lines.length === 0 || width === 0 || height === 0) return;
        this.#plot = new uPlot(this.#options(width, height), this.#data(), this.element);
    }

    /** Lets go of the canvas, which is large; `draw` brings it back. */
    hide(): void {
        this.#plot?.destroy();
        this.#plot = undefined;
    }

    resize(): void {
        const { clientWidth: width, clientHeight: height } = this.element;
        if (this.#plot === undefined) this.draw();
        else if (width > 0 && height > 0) this.#plot.setSize({ width, height });
    }

    /** How many values do not show on the scale, though they are numbers. */
    get hidden(): number {
        if (!this.#look.isLogarithmic) return 0;
        const below = ({ series }: ChartLine): number =>
            series.y.reduce((count, value) => count + Number(value <= 0), 0);
        return this.#lines.reduce((count, line) => count + below(line), 0);
    }

    /** What is shown, in a plot of this size that is on no page. */
    async drawing(width: number, height: number): Promise<Drawing> {
        const marks: (readonly AxisMark[])[] = [];
        const { axes = [], ...options } = this.#options(width, height);
        const watched = axes.map((axis, index): uPlot.Axis => {
            const textsOf = axis.values as uPlot.Axis.DynamicValues;
            const scale = index === 0 ? 'x' : 'y';
            return {
                ...axis,
                values: (plot, places, ...others) => {
                    const texts = textsOf(plot, places, ...others);
                    marks[index] = places.flatMap((place: number | null, at) =>
                        place === null ? [] : [{ at: plot.valToPos(place, scale), text: String(texts[at]) }],
                    );
                    return texts;
                },
            };
        });
        const plot = await new Promise<uPlot>((resolve) => {
            const unseen = {
                ...options,
                axes: watched,
                cursor: { show: false },
                hooks: { ready: [resolve] },
            };
            new uPlot(unseen, this.#data(), h('div'));
        });
        const { bbox } = plot;
        const area = {
            left: bbox.left / uPlot.pxRatio,
            top: bbox.top / uPlot.pxRatio,
            width: bbox.width / uPlot.pxRatio,
            height: bbox.height / uPlot.pxRatio,
        };
        const lines = this.#lines.map((line, index) => this.#drawnLine(plot, line, index, area.width));
        plot.destroy();
        const [horizontal = [], vertical = []] = marks;
        return { area, horizontal, vertical, lines };
    }

    #drawnLine(plot: uPlot, { series, style }: ChartLine, index: number, width: number): DrawnLine {
        const { x } = this.#columns;
        const { raw = [], smooth = [] } = this.#columns.lines[index] ?? {};
        const point = (value: number | null | undefined, at: number): DrawnPoint =>
            typeof value === 'number' ? [plot.valToPos(x[at] ?? 0, 'x'), plot.valToPos(value, 'y')] : null;
        // Between its points a line has no value where another has one; there it is not broken.
        const path = (values: LineColumns['raw']): DrawnPoint[] =>
            values.flatMap((value, at) => (value === undefined ? [] : [point(value, at)]));
        const alone = this.#isFew(width) ? raw.keys() : isolated(raw);
        return {
            style,
            raw: path(raw),
            smooth: this.#look.isSmoothed ? path(smooth) : [],
            dots: [...alone].map((at) => point(raw[at], at)),
            breaks: this.#breaks(plot, series, 6 * uPlot.pxRatio).map(
                (at) => (at - plot.bbox.left) / uPlot.pxRatio,
            ),
        };
    }

    /** Puts the cursor at a place of the axis; undefined takes it away. */
    pointAt(x: number | undefined): void {
        const left = x === undefined ? -10 : this.#plot?.valToPos(x, 'x');
        if (left !== undefined) this.#plot?.setCursor({ left, top: 0 }, false);
    }

    #data(): uPlot.AlignedData {
        const { x, lines } = this.#columns;
        return [x, ...lines.flatMap(({ raw, smooth }) => [raw, smooth])];
    }

    #options(width: number, height: number): uPlot.Options {
        const { axis, isLogarithmic } = this.#look;
        const { text, grid, font, kind } = theme();
        // A raw and a smoothed one for each line, after the axis.
        const colorOf = (_: uPlot, index: number): string =>
            lineStyle(this.#lines[(index - 1) >> 1]?.style ?? 0, kind).color;
        const marks = { stroke: text, font, ticks: { show: false }, grid: { stroke: grid, width: 0.5 } };
        return {
            width,
            height,
            padding: [6, 14, 0, 0],
            legend: { show: false },
            scales: {
                x: { time: axis === 'time', range: () => this.#horizontalRange() },
                y: {
                    ...(isLogarithmic && logarithmic),
                    range: (_, min, max) => verticalRange(min, max, isLogarithmic),
                },
            },
            axes: [
                { ...marks, ...horizontalAxis(axis, this.#language), size: 24, gap: 4, space: 64 },
                { ...marks, values: verticalTexts, size: axisWidth, gap: 4, space: 28 },
            ],
            series: [
                {},
                ...this.#lines.flatMap(({ style }, index) => this.#lineOptions(style, index, width)),
            ],
            cursor: {
                y: false,
                drag: { x: true, y: false, setScale: false },
                points: { size: 7, fill: colorOf, stroke: colorOf },
                dataIdx: nearestValue,
                sync: { key: 'metrics', scales: ['x', null], filters: { pub: isMove, sub: isMove } },
                bind: {
                    dblclick: () => () => {
                        window.clearTimeout(this.#click);
                        this.#user.reset?.();
                        return null;
                    },
                },
            },
            hooks: {
                ready: [(plot) => this.#listen(plot.over)],
                draw: [(plot) => this.#drawBreaks(plot)],
                setSelect: [(plot) => this.#selected(plot)],
                setCursor: [(plot) => this.#user.point?.(this.#pointOf(plot.cursor.idx))],
            },
        };
    }

    /** The raw line, faint where it is smoothed, and the smoothed one. */
    #lineOptions(style: number, index: number, width: number): readonly uPlot.Series[] {
        const { kind } = theme();
        const { color, dash } = lineStyle(style, kind);
        const { isSmoothed } = this.#look;
        const line = { stroke: color, dash: [...dash], width: kind.startsWith('hc') ? 2 : 1.5 };
        const isFew = (): boolean => this.#isFew(width);
        const points: uPlot.Series.Points = {
            show: isFew,
            filter: () => (isFew() ? null : isolated(this.#columns.lines[index]?.raw ?? [])),
            size: 5,
            stroke: color,
            fill: color,
        };
        return [
            { ...line, alpha: isSmoothed ? 0.35 : 1, points },
            { ...line, show: isSmoothed, width: 2, points: { show: false } },
        ];
    }

    /** Whether there is room for a dot at each point. */
    #isFew(width: number): boolean {
        return this.#columns.x.length * 14 <= width;
    }

    /** A click is one without a drag, and with no second one where that means something else. */
    #listen(over: HTMLElement): void {
        over.addEventListener('mousedown', (event) => {
            this.#pressedAt = event.clientX;
        });
        over.addEventListener('click', (event) => {
            window.clearTimeout(this.#click);
            if (Math.abs(event.clientX - this.#pressedAt) > 3 || event.detail > 1) return;
            const wait = this.#zoom === undefined ? 0 : doubleClickMs;
            this.#click = window.setTimeout(() => this.#user.click?.(), wait);
        });
    }

    #selected(plot: uPlot): void {
        const { left, width } = plot.select;
        if (width <= 3) return;
        const range = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')] as const;
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        this.#user.zoom?.(range);
    }

    #pointOf(column: number | null | undefined): number | undefined {
        return column === null || column === undefined ? undefined : this.#columns.x[column];
    }

    #horizontalRange(): uPlot.Range.MinMax {
        if (this.#zoom !== undefined) return [...this.#zoom];
        const { x } = this.#columns;
        const [min = 0, max = 1] = [x.at(0), x.at(-1)];
        return min === max ? [min - 1, max + 1] : [min, max];
    }

    /** A cross at the bottom, wherever there is no number: one for each pixel column. */
    #drawBreaks(plot: uPlot): void {
        const { ctx, bbox } = plot;
        const half = 3 * uPlot.pxRatio;
        const y = bbox.top + bbox.height - 2 * half;
        ctx.save();
        ctx.strokeStyle = theme().error;
        ctx.lineWidth = 1.5 * uPlot.pxRatio;
        ctx.beginPath();
        for (const { series } of this.#lines) {
            for (const x of this.#breaks(plot, series, 2 * half)) {
                ctx.moveTo(x - half, y - half);
                ctx.lineTo(x + half, y + half);
                ctx.moveTo(x - half, y + half);
                ctx.lineTo(x + half, y - half);
            }
        }
        ctx.stroke();
        ctx.restore();
    }

    /** Where a line has no number in view, in pixels that lie a distance apart. */
    #breaks(plot: uPlot, series: Series, distance: number): readonly number[] {
        const { min = 0, max = 0 } = plot.scales['x'] ?? {};
        const places: number[] = [];
        series.x.forEach((at, index) => {
            if (Number.isFinite(series.y[index]) || at < min || at > max) return;
            const x = plot.valToPos(at, 'x', true);
            if (x - (places.at(-1) ?? -Infinity) >= distance) places.push(x);
        });
        return places;
    }
}

/** The point that lies nearest to `x`. */
export function nearest(rising: Float64Array, x: number): number | undefined {
    let low = 0;
    let high = rising.length - 1;
    if (high < 0) return undefined;
    while (high - low > 1) {
        const middle = (low + high) >> 1;
        if ((rising[middle] ?? 0) < x) low = middle;
        else high = middle;
    }
    return x - (rising[low] ?? 0) <= (rising[high] ?? 0) - x ? low : high;
}

/** The column nearest to the cursor where a line has a value. */
function nearestValue(plot: uPlot, line: number, at: number): number {
    const values = plot.data[line] ?? [];
    for (let distance = 0; distance < values.length; distance += 1) {
        if (values[at - distance] !== undefined) return at - distance;
        if (values[at + distance] !== undefined) return at + distance;
    }
    return at;
}

function isMove(type: string): boolean {
    return type === 'mousemove' || type === 'mouseleave';
}

function verticalRange(min: number | null, max: number | null, isLogarithmic: boolean): uPlot.Range.MinMax {
    if (min === null || max === null) return isLogarithmic ? [0.1, 1] : [0, 1];
    return isLogarithmic ? uPlot.rangeLog(min, max, 10, false) : uPlot.rangeNum(min, max, 0.1, true);
}

function axisWidth(_: uPlot, texts: readonly string[] | null): number {
    const longest = Math.max(0, ...(texts ?? []).map((text) => text.length));
    return Math.max(32, longest * 6.5 + 10);
}

/** Points with no neighbour, which no line shows. */
function isolated(values: LineColumns['raw']): number[] {
    const found: number[] = [];
    values.forEach((value, index) => {
        const isAlone = typeof values[index - 1] !== 'number' && typeof values[index + 1] !== 'number';
        if (typeof value === 'number' && isAlone) found.push(index);
    });
    return found;
}
