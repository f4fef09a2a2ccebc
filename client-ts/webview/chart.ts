import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { SeriesAxis } from '../src/protocol.gen';
import { horizontalAxis, verticalTexts } from './axes';
import { h } from './dom';
import { lineStyle } from './palette';
import { columnsOf, type Columns, type Series } from './series';
import { theme } from './theme';

/** A part of the horizontal axis. */
export type Range = readonly [from: number, to: number];

/** How a line is drawn. */
export interface ChartLook {
    readonly axis: SeriesAxis;
    readonly isLogarithmic: boolean;
    readonly isSmoothed: boolean;
}

/** Who hears what happens on a plot. */
export interface ChartUser {
    /** A part was marked with the mouse. */
    readonly zoom: (range: Range) => void;
    /** The whole is wanted again. */
    readonly reset: () => void;
    readonly click: () => void;
    /** The cursor is on this point, or gone. */
    readonly point: (index: number | undefined) => void;
}

const doubleClickMs = 250;

/** In the words of uPlot. */
const logarithmic = { distr: 3 } as const;

/** A line in a plot: drawn by uPlot, with a cursor that all plots of a page share. */
export class Chart {
    readonly element = h('div', { className: 'plot' });
    readonly #user: ChartUser;
    readonly #language = document.documentElement.lang;
    #plot: uPlot | undefined;
    #series: Series | undefined;
    #columns: Columns = { x: [], raw: [], smooth: [] };
    #look: ChartLook = { axis: 'step', isLogarithmic: false, isSmoothed: false };
    #zoom: Range | undefined;
    #pressedAt = 0;
    #click: number | undefined;

    constructor(user: ChartUser) {
        this.#user = user;
    }

    /** Shows the series, all that is known of it or a part of the axis. */
    show(series: Series, look: ChartLook, zoom: Range | undefined): void {
        const isSame = JSON.stringify(look) === JSON.stringify(this.#look);
        this.#series = series;
        this.#look = look;
        this.#zoom = zoom;
        this.#columns = columnsOf(series, look.isLogarithmic ? (value) => value > 0 : undefined);
        if (this.#plot !== undefined && isSame) this.#plot.setData(this.#data());
        else this.draw();
    }

    /** Draws it afresh, in the theme and size of now. */
    draw(): void {
        this.hide();
        const { clientWidth: width, clientHeight: height } = this.element;
        if (this.#series === undefined || width === 0 || height === 0) return;
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
        if (!this.#look.isLogarithmic || this.#series === undefined) return 0;
        return this.#series.y.reduce((count, value) => count + Number(value <= 0), 0);
    }

    /** Puts the cursor on a point; undefined takes it away. */
    pointAt(index: number | undefined): void {
        const x = index === undefined ? undefined : this.#series?.x[index];
        if (this.#plot === undefined) return;
        const left = x === undefined ? -10 : this.#plot.valToPos(x, 'x');
        const y = index === undefined ? undefined : this.#columns.raw[this.#plot.valToIdx(x ?? 0)];
        const top = typeof y === 'number' ? this.#plot.valToPos(y, 'y') : 0;
        this.#plot.setCursor({ left, top }, false);
    }

    #data(): uPlot.AlignedData {
        return [this.#columns.x, this.#columns.raw, this.#columns.smooth];
    }

    #options(width: number, height: number): uPlot.Options {
        const { axis, isLogarithmic, isSmoothed } = this.#look;
        const { text, grid, font, kind } = theme();
        const { color, dash } = lineStyle(0, kind);
        const marks = { stroke: text, font, ticks: { show: false }, grid: { stroke: grid, width: 0.5 } };
        const line = { stroke: color, dash: [...dash], width: kind.startsWith('hc') ? 2 : 1.5 };
        const isFew = (): boolean => this.#columns.x.length * 14 <= width;
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
                {
                    ...line,
                    alpha: isSmoothed ? 0.35 : 1,
                    points: {
                        show: isFew,
                        filter: () => (isFew() ? null : isolated(this.#columns.raw)),
                        size: 5,
                        stroke: color,
                        fill: color,
                    },
                },
                { ...line, show: isSmoothed, width: 2, points: { show: false } },
            ],
            cursor: {
                y: false,
                drag: { x: true, y: false, setScale: false },
                points: { size: 7, fill: color, stroke: color },
                sync: { key: 'metrics', scales: ['x', null], filters: { pub: isMove, sub: isMove } },
                bind: {
                    dblclick: () => () => {
                        window.clearTimeout(this.#click);
                        this.#user.reset();
                        return null;
                    },
                },
            },
            hooks: {
                ready: [(plot) => this.#listen(plot.over)],
                draw: [(plot) => this.#drawBreaks(plot)],
                setSelect: [(plot) => this.#selected(plot)],
                setCursor: [(plot) => this.#user.point(this.#pointOf(plot.cursor.idx))],
            },
        };
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
            this.#click = window.setTimeout(this.#user.click, wait);
        });
    }

    #selected(plot: uPlot): void {
        const { left, width } = plot.select;
        if (width <= 3) return;
        const range = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')] as const;
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        this.#user.zoom(range);
    }

    #pointOf(column: number | null | undefined): number | undefined {
        const x = column === null || column === undefined ? undefined : this.#columns.x[column];
        if (x === undefined || this.#series === undefined) return undefined;
        return nearest(this.#series.x, x);
    }

    #horizontalRange(): uPlot.Range.MinMax {
        if (this.#zoom !== undefined) return [...this.#zoom];
        const { x } = this.#columns;
        const [min = 0, max = 1] = [x.at(0), x.at(-1)];
        return min === max ? [min - 1, max + 1] : [min, max];
    }

    /** A cross at the bottom, wherever there is no number: one for each pixel column. */
    #drawBreaks(plot: uPlot): void {
        const { ctx, bbox, scales } = plot;
        const series = this.#series;
        const { min = 0, max = 0 } = scales['x'] ?? {};
        if (series === undefined) return;
        const half = 3 * uPlot.pxRatio;
        const y = bbox.top + bbox.height - 2 * half;
        let before = -Infinity;
        ctx.save();
        ctx.strokeStyle = theme().error;
        ctx.lineWidth = 1.5 * uPlot.pxRatio;
        ctx.beginPath();
        series.x.forEach((at, index) => {
            if (Number.isFinite(series.y[index]) || at < min || at > max) return;
            const x = plot.valToPos(at, 'x', true);
            if (x - before < 2 * half) return;
            before = x;
            ctx.moveTo(x - half, y - half);
            ctx.lineTo(x + half, y + half);
            ctx.moveTo(x - half, y + half);
            ctx.lineTo(x + half, y - half);
        });
        ctx.stroke();
        ctx.restore();
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
function isolated(values: Columns['raw']): number[] {
    const found: number[] = [];
    values.forEach((value, index) => {
        const isAlone = typeof values[index - 1] !== 'number' && typeof values[index + 1] !== 'number';
        if (typeof value === 'number' && isAlone) found.push(index);
    });
    return found;
}
