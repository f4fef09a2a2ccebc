import type { PackedLine, SeriesWindow } from '../src/protocol.gen';

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
    const bytes = decodeBytes(base64);
    if (bytes.byteLength % 8 !== 0) throw new RangeError('The numbers are cut off.');
    const numbers = new Float64Array(bytes.byteLength / 8);
    for (let i = 0; i < numbers.length; i += 1) numbers[i] = bytes.getFloat64(i * 8, true);
    return numbers;
}

function decodeBytes(base64: string): DataView {
    const text = atob(base64);
    const bytes = new DataView(new ArrayBuffer(text.length));
    for (let i = 0; i < text.length; i += 1) bytes.setUint8(i, text.charCodeAt(i));
    return bytes;
}

/** The points of a line, in either of the forms of the protocol. Throws when they are in none. */
function decodeLine(
    x: string,
    y: string,
    packed: PackedLine | undefined,
): { x: Float64Array; y: Float64Array } {
    const points =
        packed === undefined
            ? { x: decodeNumbers(x), y: decodeNumbers(y) }
            : { x: decodePlaces(x, packed), y: decodeValues(y, packed) };
    if (points.x.length !== points.y.length) throw new RangeError('There is not one value for each point.');
    return points;
}

/** Distances in bytes of seven bits. */
function decodePlaces(base64: string, { xBase, xUnit }: PackedLine): Float64Array {
    const bytes = decodeBytes(base64);
    const places: number[] = [];
    let total = 0;
    let scale = 1;
    for (let i = 0; i < bytes.byteLength; i += 1) {
        const byte = bytes.getUint8(i);
        // Shifting would cut it to 32 bits.
        total += (byte & 0x7f) * scale;
        scale = byte < 0x80 ? 1 : scale * 0x80;
        if (byte < 0x80) places.push(xBase + xUnit * total);
    }
    if (scale !== 1) throw new RangeError('The numbers are cut off.');
    return Float64Array.from(places);
}

/** Floats without their lowest byte. */
function decodeValues(base64: string, { yBase, yUnit }: PackedLine): Float64Array {
    const bytes = decodeBytes(base64);
    if (bytes.byteLength % 3 !== 0) throw new RangeError('The numbers are cut off.');
    const float = new DataView(new ArrayBuffer(4));
    return Float64Array.from({ length: bytes.byteLength / 3 }, (_, i) => {
        for (let byte = 0; byte < 3; byte += 1) float.setUint8(byte + 1, bytes.getUint8(i * 3 + byte));
        return yBase + yUnit * float.getFloat32(0, true);
    });
}

/** An answer, put behind those points of the same window that are known already and stay. */
export function join(known: Series | undefined, window: SeriesWindow): Series {
    const { points, inRange, drawn, first, note } = window;
    const line = decodeLine(window.x, window.y, window.packed);
    const smooth = decodeLine(window.smoothX ?? '', window.smoothY ?? '', window.smoothPacked);
    const x = append(known?.x, first, line.x);
    const y = append(known?.y, first, line.y);
    return { x, y, smoothX: smooth.x, smoothY: smooth.y, points, inRange, drawn, note };
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

/** The columns that uPlot draws: one x, and for each line its values, null for a break, undefined between its points. */
export interface Columns {
    readonly x: number[];
    readonly lines: readonly LineColumns[];
}

/** The values of a line, and of the same smoothed. */
export interface LineColumns {
    readonly raw: (number | null | undefined)[];
    readonly smooth: (number | null | undefined)[];
}

/** Lines over one x. `isShown` says which values the scale has a place for. */
export function columnsOf(all: readonly Series[], isShown: (value: number) => boolean = () => true): Columns {
    const value = (number: number | undefined): number | null =>
        number !== undefined && Number.isFinite(number) && isShown(number) ? number : null;
    const x: number[] = [];
    const lines = all.map((): LineColumns => ({ raw: [], smooth: [] }));
    const sources = all.flatMap((series, index) => {
        const { raw = [], smooth = [] } = lines[index] ?? {};
        return [
            { x: series.x, y: series.y, values: raw, next: 0 },
            { x: series.smoothX, y: series.smoothY, values: smooth, next: 0 },
        ];
    });
    for (;;) {
        let at = Infinity;
        for (const source of sources) at = Math.min(at, source.x[source.next] ?? Infinity);
        if (!Number.isFinite(at)) break; // The end, or no number at all.
        x.push(at);
        for (const source of sources) {
            const isHere = source.x[source.next] === at;
            source.values.push(isHere ? value(source.y[source.next]) : undefined);
            if (isHere) source.next += 1;
        }
    }
    return { x, lines };
}

/** Where any of the lines has a point, rising. */
export function placesOf(all: readonly Series[]): Float64Array<ArrayBuffer> {
    return Float64Array.from(new Set(all.flatMap(({ x }) => [...x]))).sort();
}
