import type { RunsRow, RunsSort } from '../../src/protocol.gen';
import { h, icon } from '../dom';
import { lineMark } from '../lineMark';
import { nameColumn, type ColumnPlace } from './columns';
import { fullName } from './selection';
import type { RunsTexts } from './texts';

/** How a row looks besides what it says. */
export interface RowLook {
    readonly index: number;
    /** Number of its line style, if it is selected. */
    readonly style: number | undefined;
    readonly isBaseline: boolean;
    readonly isPinned: boolean;
}

/** By which a grid says where its cursor is. Headings are in row -1. */
export function cellId(row: number, column: number): string {
    return `cell-${row}-${column}`;
}

/** The heading of a column, with its place among the orders of the rows. */
export function headCell(
    place: ColumnPlace,
    sort: readonly RunsSort[],
    startResize: (event: PointerEvent) => void,
): HTMLElement {
    const { id, title, isNumber } = place.column;
    const key = sort.findIndex(({ column }) => column === id);
    const order = sort[key];
    const resizer = h('span', { className: 'resizer', attributes: { 'aria-hidden': 'true' } });
    resizer.addEventListener('pointerdown', startResize);
    const cell = cellAt(place, -1, 'columnheader');
    cell.classList.toggle('number', isNumber);
    cell.title = title;
    if (order !== undefined) cell.setAttribute('aria-sort', order.descending ? 'descending' : 'ascending');
    cell.append(
        h('span', { className: 'grid-title' }, title),
        ...(order === undefined ? [] : [icon(order.descending ? 'arrow-down' : 'arrow-up')]),
        ...(order !== undefined && sort.length > 1
            ? [h('sub', { attributes: { 'aria-hidden': 'true' } }, String(key + 1))]
            : []),
        resizer,
    );
    return cell;
}

/** The cells of a row; of one that is not here yet, their places. */
export function rowCells(
    places: readonly ColumnPlace[],
    row: RunsRow | undefined,
    look: RowLook,
    texts: RunsTexts,
    indexOf: (column: string) => number,
): readonly HTMLElement[] {
    return places.map((place) => {
        const { id, isNumber } = place.column;
        const cell = cellAt(place, look.index, 'gridcell');
        if (row === undefined) {
            if (id === nameColumn) cell.append(h('span', { className: 'grid-waiting' }));
            return cell;
        }
        const at = indexOf(id);
        if (id === nameColumn) {
            cell.setAttribute('role', 'rowheader');
            cell.append(...nameContent(row, look, texts));
        } else if (id === 'status') {
            cell.append(
                icon(row.statusIcon, row.statusColor),
                h('span', { className: 'grid-text' }, row.statusText),
            );
        } else {
            const text = row.cells[at] ?? '';
            const difference = row.differences?.[at] ?? '';
            cell.classList.toggle('number', isNumber);
            cell.title = text;
            if (difference !== '') cell.append(h('span', { className: 'difference' }, difference));
            cell.append(h('span', { className: 'grid-text' }, text));
        }
        return cell;
    });
}

function nameContent(row: RunsRow, look: RowLook, texts: RunsTexts): readonly Node[] {
    const { style, isBaseline, isPinned } = look;
    const mark = h(
        'span',
        { className: 'mark', title: style === undefined ? texts.select : texts.deselect },
        style === undefined ? h('span', { className: 'unmarked' }) : lineMark(style),
    );
    const name = h('span', { className: 'run-name', title: fullName(row) }, row.title);
    const pin = sign('pin', 'pinned', texts.pinned);
    const star =
        row.starred === true
            ? sign('star starred', 'star-full', texts.starred)
            : h('span', { className: 'star', title: texts.star }, icon('star-empty'));
    const badge = h('span', { className: 'badge' }, texts.baseline);
    return [mark, name, ...(isBaseline ? [badge] : []), ...(isPinned ? [pin] : []), star];
}

/** A picture that says something. */
function sign(className: string, picture: string, text: string): HTMLElement {
    const attributes = { role: 'img', 'aria-label': text };
    return h('span', { className, title: text, attributes }, icon(picture));
}

function cellAt({ index, left, width }: ColumnPlace, row: number, role: string): HTMLElement {
    const cell = h('div', { id: cellId(row, index), className: 'grid-cell' });
    cell.setAttribute('role', role);
    cell.setAttribute('aria-colindex', String(index + 1));
    cell.dataset['column'] = String(index);
    cell.classList.toggle('first', index === 0);
    cell.style.width = `${width}px`;
    if (index > 0) cell.style.left = `${left}px`;
    return cell;
}
