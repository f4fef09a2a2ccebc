import { svg } from './dom';
import { lineStyle, type Marker, type ThemeKind } from './palette';
import { theme } from './theme';

const width = 22;
const height = 10;

/** A piece of a line with its marker, as it is drawn in plots; in the theme of now unless another is meant. */
export function lineMark(style: number, kind: ThemeKind = theme().kind): SVGElement {
    const { color, dash, marker } = lineStyle(style, kind);
    const mark = svg('svg', { class: 'line-mark', width, height, viewBox: `0 0 ${width} ${height}` });
    mark.setAttribute('aria-hidden', 'true');
    const line = svg('path', { d: `M0 ${height / 2}H${width}`, stroke: color, 'stroke-width': 2 });
    line.setAttribute('stroke-dasharray', dash.map((length) => length / 2).join(' '));
    mark.append(line, svg('path', { d: markerPath(marker), fill: color }));
    return mark;
}

function markerPath(marker: Marker): string {
    const [x, y, r] = [width / 2, height / 2, 4];
    switch (marker) {
        case 'circle':
            return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
        case 'square':
            return `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`;
        case 'triangle':
            return `M${x} ${y - r}l${r} ${2 * r}h${-2 * r}z`;
        case 'diamond':
            return `M${x} ${y - r}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`;
    }
}
