import type { SeriesWindow } from '../src/protocol.gen';

/** What a plot draws of one line: `x` rises; `y` is not a number where the line is broken. */
export interface Series {
    readonly x: Float64Array;
    readonly y: Float64Array;
    readonly smoothX: Float64Array;
    readonly smoothY: Float64Array;
    /** How many points the metric has, how many of them lie in the window, and how many of these are drawn. */
    readonly points: number;
    readonly inRange: number;
    readonly drawn: number;
    readonly note: string | undefined;
}

/** The numbers of a base64 text of little-endian 64-bit floats. Throws when it is none. */
export function decodeNumbers(base64: string): Float64Array {
    const text = atob(base64);
    if (text.length % 8 !== 0) throw new RangeError('The numbers are cut off.');
    const bytes = new DataView(new ArrayBuffer(text.length));
    for (let i = 0; i < text.length; i += 1) bytes.setUint8(i, text.charCodeAt(i));
    const numbers = new Float64Array(text.length / 8);
    for (let i = 0; i < numbers.length; i += 1) numbers[i] = bytes.getFloat64(i * 8, true);
    return numbers;
}

/** An answer, put behind those points of the same window that are known already and stay. */
export function join(known: Series | undefined, window: SeriesWindow): Series {
    const { points, inRange, drawn, note } = window;
    const x = append(known?.x, window.first, decodeNumbers(window.x));
    const y = append(known?.y, window.first, decodeNumbers(window.y));
    if (x.length !== y.length) throw new RangeError('There is not one value for each point.');
    const smoothX = decodeNumbers(window.smoothX ?? '');
    const smoothY = decodeNumbers(window.smoothY ?? '');
    return { x, y, smoothX, smoothY, points, inRange, drawn, note };
}

/** How many points need not be sent again: all, if every point of the window is drawn. */
export function knownPoints(known: Series | undefined): number {
    return known !== undefined && known.x.length === known.inRange ? known.inRange : 0;
}

function append(known: Float64Array | undefined, first: number, more: Float64Array): Float64Array {
    if (first === 0) return more;
    if (known === undefined || known.length < first) throw new RangeError('Points are missing.');
    const all = new Float64Array(first + more.length);
    all.set(known.subarray(0, first));
    all.set(more, first);
    return all;
}

/** The columns that uPlot draws: one x, and for each line a value, null for a break, undefined between its points. */
export interface Columns {
    readonly x: number[];
    readonly raw: (number | null | undefined)[];
    readonly smooth: (number | null | undefined)[];
}

/** The raw and the smoothed line over one x. `isShown` says which values the scale has a place for. */
export function columnsOf(series: Series, isShown: (value: number) => boolean = () => true): Columns {
    const value = (number: number | undefined): number | null =>
        number !== undefined && Number.isFinite(number) && isShown(number) ? number : null;
    if (series.smoothX.length === 0) {
        const x = [...series.x];
        return { x, raw: [...series.y].map(value), smooth: x.map(() => undefined) };
    }
    const columns: Columns = { x: [], raw: [], smooth: [] };
    for (let i = 0, j = 0; i < series.x.length || j < series.smoothX.length;) {
        const at = Math.min(series.x[i] ?? Infinity, series.smoothX[j] ?? Infinity);
        const isRaw = series.x[i] === at;
        const isSmooth = series.smoothX[j] === at;
        if (!isRaw && !isSmooth) break; // No number at all.
        columns.x.push(at);
        columns.raw.push(isRaw ? value(series.y[i]) : undefined);
        columns.smooth.push(isSmooth ? value(series.smoothY[j]) : undefined);
        if (isRaw) i += 1;
        if (isSmooth) j += 1;
    }
    return columns;
}
