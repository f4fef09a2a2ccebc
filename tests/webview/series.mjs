// @ts-check
// A small stand-in for the server's series: windows of metrics, as protocol.json describes them.

/** @typedef {{ x: number[], y: number[], note?: string }} Line */

/** @param {readonly number[]} numbers base64 of little-endian 64-bit floats */
export function encodeNumbers(numbers) {
    const bytes = Buffer.alloc(numbers.length * 8);
    numbers.forEach((number, index) => bytes.writeDoubleLE(number, index * 8));
    return bytes.toString('base64');
}

/**
 * The answer to `runs/series`: all points of the window, or the lowest and highest of each pixel column.
 * @param {Map<string, Line>} lines
 * @param {any} params RunsSeriesParams
 */
export function answerSeries(lines, { metrics, from, to, width, smoothing }) {
    const series = metrics.map(({ metric, after = 0 }) => {
        const line = lines.get(metric) ?? { x: [], y: [] };
        const inRange = line.x
            .map((x, index) => ({ x, y: line.y[index] ?? NaN }))
            .filter(({ x }) => x >= (from ?? -Infinity) && x <= (to ?? Infinity));
        const isAll = inRange.length <= 4 * width;
        const drawn = isAll ? inRange : extremes(inRange, width);
        const first = isAll ? Math.min(after, drawn.length) : 0;
        const sent = drawn.slice(first);
        const smooth = smoothed(inRange, smoothing ?? 0);
        return {
            metric,
            points: line.x.length,
            inRange: inRange.length,
            drawn: drawn.length,
            first,
            x: encodeNumbers(sent.map(({ x }) => x)),
            y: encodeNumbers(sent.map(({ y }) => y)),
            ...(smoothing && {
                smoothX: encodeNumbers(smooth.map(({ x }) => x)),
                smoothY: encodeNumbers(smooth.map(({ y }) => y)),
            }),
            ...(line.note !== undefined && { note: line.note }),
        };
    });
    return { series };
}

/** @typedef {{ x: number, y: number }} Point */

/** @param {readonly Point[]} points @param {number} columns @returns {Point[]} */
function extremes(points, columns) {
    const size = points.length / columns;
    return Array.from({ length: columns }, (_, column) => {
        const part = points.slice(Math.floor(column * size), Math.floor((column + 1) * size));
        const lowest = part.reduce((a, b) => (b.y < a.y ? b : a));
        const highest = part.reduce((a, b) => (b.y > a.y ? b : a));
        return [...new Set([lowest, highest])].sort((a, b) => a.x - b.x);
    }).flat();
}

/** @param {readonly Point[]} points @param {number} weight @returns {Point[]} */
function smoothed(points, weight) {
    let before = NaN;
    const step = Math.max(1, Math.floor(points.length / 300));
    return points
        .map(({ x, y }) => {
            before = Number.isNaN(before) ? y : before * weight + y * (1 - weight);
            return { x, y: before };
        })
        .filter((_, index) => index % step === 0);
}

/**
 * The answer to `runs/table` for a scalar.
 * @param {Line} line
 * @param {any} params RunsTableParams
 */
export function answerTable({ x, y }, { offset, count }) {
    const rows = x.slice(offset, offset + count).map((step, index) => ({
        cells: [String(step), String(Number((y[offset + index] ?? NaN).toPrecision(6)))],
    }));
    return { columns: ['Step', 'Value'], rows, total: x.length };
}
