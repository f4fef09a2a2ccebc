import type { Drawing, DrawnPoint } from './chart';
import { svg } from './dom';
import { lineMark } from './lineMark';
import { lineStyle, type ThemeKind } from './palette';

/** Colours of a picture for papers and slides, which are white. */
const ink = '#222222';
const faint = '#767676';
const grid = '#dddddd';
const broken = '#b3001b';
const paper = '#ffffff';

const margin = 16;
const legendHeight = 18;
const mostTitle = 90;

/** What a picture says besides its lines. */
export interface PictureTexts {
    readonly title: string;
    /** What lies to the right. */
    readonly axis: string;
    /** A name for each line; none where there is but one. */
    readonly names: readonly string[];
}

/** A plot as a picture that needs nothing else. In high contrast lines differ in more than their colours. */
export function plotSvg(drawing: Drawing, { title, axis, names }: PictureTexts, kind: ThemeKind): string {
    const { area, horizontal, vertical, lines } = drawing;
    const top = 2 * margin + 14 + names.length * legendHeight;
    const left = margin + area.left;
    const width = left + area.width + margin;
    const height = top + area.height + 44;
    const text = (content: string, attributes: Readonly<Record<string, string | number>>): SVGElement =>
        svg('text', { fill: ink, 'font-size': 12, ...attributes }, clean(content));
    const legend = lines.slice(0, names.length).map(({ style }, index) => {
        const y = margin + 30 + index * legendHeight;
        const mark = lineMark(style, kind);
        mark.setAttribute('x', String(margin));
        mark.setAttribute('y', String(y - 9));
        return svg('g', {}, mark, text(shortened(names[index] ?? ''), { x: margin + 30, y }));
    });
    const marks = [
        ...horizontal.flatMap(({ at, text: content }) => [
            svg('path', { d: `M${round(at)} 0V${area.height}`, stroke: grid }),
            text(content, { x: round(at), y: area.height + 16, fill: faint, 'text-anchor': 'middle' }),
        ]),
        ...vertical.flatMap(({ at, text: content }) => [
            svg('path', { d: `M0 ${round(at)}H${area.width}`, stroke: grid }),
            text(content, { x: -6, y: round(at) + 4, fill: faint, 'text-anchor': 'end' }),
        ]),
        text(axis, { x: area.width / 2, y: area.height + 36, fill: faint, 'text-anchor': 'middle' }),
    ];
    // A dot at the edge is a whole one.
    const edges = { x: -4, y: -4, width: area.width + 8, height: area.height + 8 };
    const clip = svg('clipPath', { id: 'area' }, svg('rect', edges));
    const drawn = lines.map((line, index) => drawnLine(line, names[index] ?? title, area.height, kind));
    const picture = svg(
        'svg',
        { width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': 'sans-serif' },
        svg('title', {}, clean([title, ...names].join(', '))),
        svg('rect', { width, height, fill: paper }),
        text(shortened(title), { x: margin, y: margin + 8, 'font-size': 15, 'font-weight': 600 }),
        ...legend,
        svg(
            'g',
            { transform: `translate(${left} ${top})` },
            clip,
            ...marks,
            svg('g', { 'clip-path': 'url(#area)', fill: 'none' }, ...drawn),
        ),
    );
    return new XMLSerializer().serializeToString(picture);
}

function drawnLine(
    { style, raw, smooth, dots, breaks }: Drawing['lines'][number],
    name: string,
    bottom: number,
    kind: ThemeKind,
): SVGElement {
    const { color, dash } = lineStyle(style, kind);
    const isSmoothed = smooth.length > 0;
    const look = {
        stroke: color,
        'stroke-dasharray': dash.join(' '),
        'stroke-width': kind === 'hcLight' ? 2 : 1.5,
    };
    const circles = dots.flatMap((dot) =>
        dot === null ? [] : [svg('circle', { cx: round(dot[0]), cy: round(dot[1]), r: 2.5, fill: color })],
    );
    const crosses = breaks.map((at) => `M${round(at - 3)} ${bottom - 9}l6 6m0 -6l-6 6`).join('');
    return svg(
        'g',
        {},
        svg('title', {}, clean(name)),
        svg('path', { class: 'raw', d: pathOf(raw), ...look, opacity: isSmoothed ? 0.35 : 1 }),
        ...(isSmoothed
            ? [svg('path', { class: 'smooth', d: pathOf(smooth), ...look, 'stroke-width': 2 })]
            : []),
        ...circles,
        ...(crosses === '' ? [] : [svg('path', { d: crosses, stroke: broken, 'stroke-width': 1.5 })]),
    );
}

/** A path through the points, which begins anew after each break. */
function pathOf(points: readonly DrawnPoint[]): string {
    let command = 'M';
    return points
        .map((point) => {
            const step = point === null ? '' : `${command}${round(point[0])} ${round(point[1])}`;
            command = point === null ? 'M' : 'L';
            return step;
        })
        .join('');
}

/** A picture as PNG in base64, of twice as many pixels, for screens and print. */
export async function pngOf(source: string): Promise<string> {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * 2;
    canvas.height = image.naturalHeight * 2;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/png').replace(/^.*,/, '');
}

function round(pixels: number): number {
    return Math.round(pixels * 100) / 100;
}

function shortened(text: string): string {
    return text.length > mostTitle ? `${text.slice(0, mostTitle)}…` : text;
}

/** XML has no place for some characters. */
function clean(text: string): string {
    // eslint-disable-next-line no-control-regex -- these are meant
    return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}
