import type { Chart } from '../../src/protocol.gen';
import { DataTable, type AskRows } from '../dataTable';
import { details, h } from '../dom';
import { lineMark } from '../lineMark';
import { valueText } from '../numbers';
import { decodeNumbers } from '../series';
import { chartPicture, type ReadLine } from './chartPicture';
import type { RunTexts } from './texts';

/** A matrix with more classes is a table of pages. */
const mostClasses = 50;
/** With fewer there is room to say how much of a class each number is. */
const mostShares = 12;

/** A chart that a script logged, with the same numbers as a table. Throws when its numbers are none. */
export function drawnChart(chart: Chart, name: string, texts: RunTexts): HTMLElement {
    const lines = chart.lines.map(({ name: title, x, y, spread }): ReadLine => {
        const numbers = { x: decodeNumbers(x), y: decodeNumbers(y) };
        return { name: title, ...numbers, spread: spread === undefined ? spread : decodeNumbers(spread) };
    });
    const heading = chart.title === '' ? [] : [h('figcaption', {}, chart.title)];
    return h('figure', { className: 'logged-chart' }, ...heading, ...content(chart, lines, name, texts));
}

function content(chart: Chart, lines: readonly ReadLine[], name: string, texts: RunTexts): Node[] {
    const { kind, title, xTitle, yTitle } = chart;
    const label = title === '' ? name : `${name}: ${title}`;
    if (kind === 'matrix') {
        return [
            lines.length > mostClasses
                ? largeMatrix(chart, lines, label, texts)
                : matrix(chart, lines, label),
        ];
    }
    const picture = chartPicture({ label, xTitle, yTitle, lines, isBars: kind === 'bars' });
    const names = lines.length < 2 ? [] : [legend(lines)];
    const asTable = details(texts.asTable, () => numbersTable(chart, lines, label, texts));
    return [picture, ...names, asTable];
}

function legend(lines: readonly ReadLine[]): HTMLElement {
    const items = lines.map(({ name }, index) => h('li', {}, lineMark(index), name));
    return h('ul', { className: 'chart-legend' }, ...items);
}

/** Numbers coloured by which part of their class they are. */
function matrix({ xTitle, yTitle }: Chart, lines: readonly ReadLine[], label: string): HTMLElement {
    const heads = lines.map(({ name }) => h('th', { scope: 'col' }, name));
    const corner = h('td', { className: 'dim' }, `${yTitle} ↓ ${xTitle} →`);
    const rows = lines.map(({ name, y }) => {
        const sum = y.reduce((a, b) => a + b, 0);
        const cells = [...y].map((value) => {
            const share = sum > 0 ? Math.min(1, Math.max(0, value / sum)) : 0;
            const percent = `${Math.round(share * 100)}%`;
            const cell = h('td', { title: percent }, valueText(value));
            if (lines.length <= mostShares) cell.append(h('small', {}, percent));
            cell.style.setProperty('--share', String(share));
            return cell;
        });
        return h('tr', {}, h('th', { scope: 'row' }, name), ...cells);
    });
    const caption = h('caption', { className: 'unseen' }, `${label}: ${yTitle} ↓ ${xTitle} →`);
    const grid = h(
        'table',
        { className: 'matrix' },
        caption,
        h('thead', {}, h('tr', {}, corner, ...heads)),
        h('tbody', {}, ...rows),
    );
    const frame = { role: 'region', 'aria-label': label };
    return h('div', { className: 'table-frame', tabIndex: 0, attributes: frame }, grid);
}

function largeMatrix(
    { xTitle, yTitle }: Chart,
    lines: readonly ReadLine[],
    label: string,
    texts: RunTexts,
): HTMLElement {
    const columns = [`${yTitle} ↓ ${xTitle} →`, ...lines.map(({ name }) => name)];
    return table(
        columns,
        lines.map(({ name, y }) => [name, ...[...y].map(valueText)]),
        label,
        texts,
    );
}

/** The points of all lines below each other. */
function numbersTable(chart: Chart, lines: readonly ReadLine[], label: string, texts: RunTexts): HTMLElement {
    const isBars = chart.kind === 'bars';
    const hasNames = lines.length > 1;
    const hasSpread = lines.some(({ spread }) => spread !== undefined);
    const columns = [
        ...(hasNames ? [texts.name] : []),
        chart.xTitle,
        chart.yTitle,
        ...(hasSpread ? [texts.spread] : []),
    ];
    const rows = lines.flatMap(({ name, x, y, spread }) =>
        [...y].map((value, index) => {
            const place = valueText(x[index] ?? NaN);
            const spreadText = spread === undefined ? '' : valueText(spread[index] ?? NaN);
            return [
                ...(hasNames ? [name] : []),
                isBars ? `${place} – ${valueText(x[index + 1] ?? NaN)}` : place,
                valueText(value),
                ...(hasSpread ? [spreadText] : []),
            ];
        }),
    );
    return table(columns, rows, label, texts);
}

function table(
    columns: readonly string[],
    rows: readonly (readonly string[])[],
    label: string,
    texts: RunTexts,
): HTMLElement {
    const ask: AskRows = (offset, count) => {
        const page = rows.slice(offset, offset + count).map((cells) => ({ cells: [...cells] }));
        return Promise.resolve({ columns: [...columns], rows: page, total: rows.length });
    };
    const shown = new DataTable(label, texts, ask);
    void shown.refresh();
    return shown.element;
}
