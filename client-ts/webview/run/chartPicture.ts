import { svg } from '../dom';
import { lineStyle } from '../palette';
import { valueText } from '../numbers';
import { theme } from '../theme';

/** A line of a chart with its numbers read. */
export interface ReadLine {
    readonly name: string;
    readonly x: Float64Array;
    readonly y: Float64Array;
    readonly spread: Float64Array | undefined;
}

/** What a picture of lines or bars shows. */
export interface Pictured {
    readonly label: string;
    readonly xTitle: string;
    readonly yTitle: string;
    readonly lines: readonly ReadLine[];
    /** Bars have their edges in `x`. */
    readonly isBars: boolean;
}

const [width, height] = [380, 240];
const area = { left: 52, top: 10, right: width - 12, bottom: height - 40 };

/** From where to where an axis goes, and its marks. */
interface Scale {
    readonly at: (value: number) => number;
    readonly marks: readonly number[];
}

/** Lines or bars with their axes, in the theme of now. */
export function chartPicture({ label, xTitle, yTitle, lines, isBars }: Pictured): SVGElement {
    const x = scale(
        lines.flatMap((line) => [...line.x]),
        area.left,
        area.right,
    );
    const lowest = isBars ? [0] : [];
    const y = scale([...lowest, ...lines.flatMap(reach)], area.bottom, area.top);
    const drawn = lines.map((line, index) => (isBars ? bars(line, x, y) : points(line, index, x, y)));
    const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, class: 'chart-picture', role: 'img' });
    picture.setAttribute('aria-label', label);
    picture.append(
        ...x.marks.map((mark) => text(valueText(mark), x.at(mark), area.bottom + 16, 'middle')),
        ...y.marks.flatMap((mark) => [
            svg('path', { d: `M${area.left} ${y.at(mark)}H${area.right}`, class: 'chart-grid-line' }),
            text(valueText(mark), area.left - 6, y.at(mark) + 4, 'end'),
        ]),
        text(xTitle, (area.left + area.right) / 2, height - 6, 'middle'),
        yAxisTitle(yTitle),
        ...drawn,
    );
    return picture;
}

/** The values of a line, as far as they are spread. */
function reach({ y, spread }: ReadLine): number[] {
    return [...y].flatMap((value, index) => {
        const around = spread?.[index] ?? 0;
        return [value - around, value + around];
    });
}

function scale(values: readonly number[], start: number, end: number): Scale {
    const numbers = values.filter((value) => Number.isFinite(value));
    const low = numbers.reduce((a, b) => Math.min(a, b), Infinity);
    const high = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
    const [from, to] = low < high ? [low, high] : Number.isFinite(low) ? [low - 1, low + 1] : [0, 1];
    const marks = marksOf(from, to);
    const at = (value: number): number =>
        Math.round((start + ((value - from) / (to - from)) * (end - start)) * 100) / 100;
    return { at, marks };
}

/** A few round numbers between two. */
function marksOf(from: number, to: number): number[] {
    const rough = (to - from) / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
    const first = Math.ceil(from / step);
    const count = Math.floor(to / step + 1e-9) - first + 1;
    return Array.from({ length: Math.max(0, count) }, (_, index) => (first + index) * step);
}

function text(content: string, x: number, y: number, anchor: string): SVGElement {
    return svg('text', { x, y, 'text-anchor': anchor }, content);
}

function yAxisTitle(title: string): SVGElement {
    const middle = (area.top + area.bottom) / 2;
    return svg(
        'text',
        { x: 0, y: 0, 'text-anchor': 'middle', transform: `translate(11 ${middle}) rotate(-90)` },
        title,
    );
}

function bars({ x: edges, y: counts }: ReadLine, x: Scale, y: Scale): SVGElement {
    const group = svg('g', { fill: lineStyle(0, theme().kind).color });
    counts.forEach((count, index) => {
        const [left, right] = [x.at(edges[index] ?? NaN), x.at(edges[index + 1] ?? NaN)];
        if (![left, right, count].every((number) => Number.isFinite(number))) return;
        const [top, bottom] = [y.at(Math.max(0, count)), y.at(Math.min(0, count))];
        const size = { width: Math.max(0.5, right - left - 1), height: bottom - top };
        group.append(svg('rect', { x: left + 0.5, y: top, ...size }));
    });
    return group;
}

function points(line: ReadLine, index: number, x: Scale, y: Scale): SVGElement {
    const { color, dash } = lineStyle(index, theme().kind);
    const group = svg('g', { stroke: color, fill: 'none', 'stroke-width': 2 });
    let path = '';
    let isOpen = false;
    line.x.forEach((place, i) => {
        const value = line.y[i] ?? NaN;
        const isThere = Number.isFinite(place) && Number.isFinite(value);
        if (isThere) path += `${isOpen ? 'L' : 'M'}${x.at(place)} ${y.at(value)}`;
        isOpen = isThere;
        const spread = line.spread?.[i];
        if (!isThere || spread === undefined || !Number.isFinite(spread)) return;
        const [top, bottom] = [y.at(value + spread), y.at(value - spread)];
        group.append(svg('path', { d: `M${x.at(place)} ${top}V${bottom}`, 'stroke-width': 1 }));
        group.append(svg('circle', { cx: x.at(place), cy: y.at(value), r: 3, fill: color }));
    });
    group.append(svg('path', { d: path, 'stroke-dasharray': dash.join(' ') }));
    return group;
}
