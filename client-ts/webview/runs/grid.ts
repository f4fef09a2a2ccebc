import type { RunsColumn, RunsRow, RunsSort } from '../../src/protocol.gen';
import { h } from '../dom';
import { theme } from '../theme';
import { cellId, headCell, rowCells, type RowLook } from './cells';
import {
    nameColumn,
    placeColumns,
    placesInView,
    possibleWidth,
    rowsInView,
    usualWidth,
    windowAround,
    type ColumnPlace,
    type RowWindow,
} from './columns';
import type { RunsTexts } from './texts';

/** Rows as they came: a part of the table, with the cells of some columns. */
export interface LoadedRows {
    readonly offset: number;
    readonly rows: readonly RunsRow[];
    readonly columns: readonly string[];
}

/** What the grid shows. */
export interface GridContent {
    /** Those that are shown, the name first. */
    readonly columns: readonly RunsColumn[];
    readonly sort: readonly RunsSort[];
    readonly baseline: string | undefined;
    readonly isPinned: (run: string) => boolean;
    /** How many rows there are. */
    readonly total: number;
    readonly loaded: LoadedRows;
    readonly styleOf: (run: string) => number | undefined;
}

/** What the user does to it. */
export interface GridUser {
    readonly texts: RunsTexts;
    readonly widths: Readonly<Record<string, number>>;
    /** Other rows or columns come into view. */
    readonly wantedChanged: () => void;
    readonly toggle: (row: RunsRow) => void;
    readonly open: (row: RunsRow) => void;
    readonly useAsBaseline: (row: RunsRow) => void;
    readonly star: (row: RunsRow) => void;
    readonly pin: (row: RunsRow) => void;
    /** `adds`: keeps the order of before for what this one leaves open. */
    readonly sortBy: (column: RunsColumn, adds: boolean) => void;
    readonly filterBy: (row: RunsRow, column: RunsColumn, cell: string) => void;
    readonly openMenu: (row: RunsRow, column: RunsColumn, cell: string, x: number, y: number) => void;
    readonly keepWidths: (widths: Readonly<Record<string, number>>) => void;
}

const rowHeight = 24;
const headHeight = 28;
/** Cells outside of the view that are made nevertheless. */
const sideMargin = 240;
const widthStep = 16;
/** The row of the headings, where the cursor is concerned. */
const head = -1;

/** A table of any size, of which the document has what is in view. The rows are all of one height. */
export class Grid {
    readonly element: HTMLElement;
    readonly #user: GridUser;
    readonly #head = h('div', { className: 'grid-head', attributes: { role: 'row', 'aria-rowindex': '1' } });
    readonly #body = h('div', { className: 'grid-body', attributes: { role: 'rowgroup' } });
    readonly #rows = new Map<number, { readonly element: HTMLElement; shown: string }>();
    #content: GridContent = {
        columns: [],
        sort: [],
        baseline: undefined,
        isPinned: () => false,
        total: 0,
        loaded: { offset: 0, rows: [], columns: [] },
        styleOf: () => undefined,
    };
    #widths: Readonly<Record<string, number>>;
    #places: readonly ColumnPlace[] = [];
    #headShown = '';
    #cursor = { row: 0, column: 0 };
    #window: RowWindow = { offset: 0, count: 0 };
    #wanted = '';
    #isDrawnSoon = false;

    constructor(user: GridUser) {
        this.#user = user;
        this.#widths = user.widths;
        const headGroup = h('div', { className: 'grid-top', attributes: { role: 'rowgroup' } }, this.#head);
        this.element = h(
            'div',
            {
                className: 'grid',
                tabIndex: 0,
                attributes: {
                    role: 'grid',
                    'aria-label': user.texts.runs,
                    'aria-multiselectable': 'true',
                    'aria-describedby': 'grid-keys',
                },
            },
            headGroup,
            this.#body,
        );
        this.element.addEventListener('scroll', () => {
            this.#drawSoon();
        });
        this.element.addEventListener('keydown', (event) => {
            this.#press(event);
        });
        this.element.addEventListener('mousedown', (event) => {
            this.#mouseDown(event);
        });
        this.element.addEventListener('click', (event) => {
            this.#click(event);
        });
        this.element.addEventListener('dblclick', (event) => {
            this.#doubleClick(event);
        });
        this.element.addEventListener('contextmenu', (event) => {
            this.#contextMenu(event);
        });
        new ResizeObserver(() => this.#drawSoon()).observe(this.element);
    }

    /** The rows and columns whose cells can be seen, and some around them. */
    get wanted(): RowWindow & { readonly columns: readonly string[] } {
        const ids = this.#placesInView().map(({ column }) => column.id);
        return { ...this.#window, columns: ids.filter((id) => id !== nameColumn) };
    }

    show(content: GridContent): void {
        this.#content = content;
        this.#cursor = {
            row: Math.min(this.#cursor.row, Math.max(0, content.total - 1)),
            column: Math.min(this.#cursor.column, Math.max(0, content.columns.length - 1)),
        };
        this.#draw();
    }

    /** Goes back to the first row, after another order or filter. */
    scrollToTop(): void {
        this.element.scrollTop = 0;
        this.#cursor = { ...this.#cursor, row: Math.min(0, this.#cursor.row) };
    }

    #drawSoon(): void {
        if (this.#isDrawnSoon) return;
        this.#isDrawnSoon = true;
        requestAnimationFrame(() => {
            this.#isDrawnSoon = false;
            this.#draw();
        });
    }

    #draw(): void {
        const { columns, total, baseline } = this.#content;
        const { clientWidth, clientHeight, scrollTop } = this.element;
        if (clientWidth === 0) return;
        this.#places = placeColumns(columns, (column) => this.#widthOf(column, baseline !== undefined));
        const last = this.#places.at(-1);
        const width = Math.max(clientWidth, (last?.left ?? 0) + (last?.width ?? 0));
        this.#head.style.width = this.#body.style.width = `${width}px`;
        this.#body.style.height = `${total * rowHeight}px`;
        this.element.setAttribute('aria-rowcount', String(total + 1));
        this.element.setAttribute('aria-colcount', String(columns.length));
        const view = rowsInView(scrollTop, clientHeight - headHeight, rowHeight, total);
        const rows = windowAround({ ...view, count: Math.max(view.count, this.#screenful) }, this.#window);
        this.#window = rows;
        this.#drawHead();
        this.#drawRows(view);
        this.#pointToCursor();
        const wanted = JSON.stringify(this.wanted);
        if (wanted === this.#wanted) return;
        this.#wanted = wanted;
        this.#user.wantedChanged();
    }

    /** How many rows there is room for. */
    get #screenful(): number {
        return Math.ceil(Math.max(0, this.element.clientHeight - headHeight) / rowHeight);
    }

    #widthOf(column: RunsColumn, hasDifferences: boolean): number {
        const chosen = this.#widths[column.id];
        if (column.id !== nameColumn) return chosen ?? usualWidth(column, hasDifferences);
        // It stays in view, and something else should, too.
        return Math.min(chosen ?? 260, Math.round(this.element.clientWidth * 0.5));
    }

    #placesInView(): readonly ColumnPlace[] {
        const { scrollLeft, clientWidth } = this.element;
        return placesInView(this.#places, scrollLeft, scrollLeft + clientWidth, sideMargin);
    }

    #drawHead(): void {
        const { sort } = this.#content;
        const places = this.#placesInView();
        const shown = JSON.stringify([places, sort]);
        if (shown === this.#headShown) return;
        this.#headShown = shown;
        const cells = places.map((place) =>
            headCell(place, sort, (event) => this.#startResize(event, place)),
        );
        this.#head.replaceChildren(...cells);
    }

    #drawRows(view: RowWindow): void {
        const places = this.#placesInView();
        for (const [index, { element }] of this.#rows) {
            if (index >= view.offset && index < view.offset + view.count) continue;
            element.remove();
            this.#rows.delete(index);
        }
        for (let index = view.offset; index < view.offset + view.count; index += 1)
            this.#drawRow(index, places);
    }

    #drawRow(index: number, places: readonly ColumnPlace[]): void {
        const { baseline, isPinned, styleOf, loaded } = this.#content;
        const row = loaded.rows[index - loaded.offset];
        const style = row && styleOf(row.id);
        const look: RowLook = {
            index,
            style,
            isBaseline: row !== undefined && row.id === baseline,
            isPinned: row !== undefined && isPinned(row.id),
        };
        const shown = JSON.stringify([row, look, places, loaded.columns, theme().kind]);
        let entry = this.#rows.get(index);
        if (entry?.shown === shown) return;
        if (entry === undefined) {
            const element = h('div', { attributes: { role: 'row', 'aria-rowindex': String(index + 2) } });
            element.style.top = `${index * rowHeight}px`;
            entry = { element, shown };
            this.#rows.set(index, entry);
            this.#body.append(element);
        }
        entry.shown = shown;
        const { element } = entry;
        element.className = look.isBaseline ? 'grid-row baseline' : 'grid-row';
        element.classList.toggle('selected', style !== undefined);
        element.dataset['row'] = String(index);
        element.setAttribute('aria-selected', String(style !== undefined));
        element.replaceChildren(
            ...rowCells(places, row, look, this.#user.texts, (id) => loaded.columns.indexOf(id)),
        );
    }

    /** Marks the cell that the cursor is in. Cells are not made anew for it, since they may be under a button that is down. */
    #pointToCursor(): void {
        const { row, column } = this.#cursor;
        const cell = document.getElementById(cellId(row, column));
        for (const one of this.element.querySelectorAll('.cursor'))
            one.classList.toggle('cursor', one === cell);
        cell?.classList.add('cursor');
        if (cell === null) this.element.removeAttribute('aria-activedescendant');
        else this.element.setAttribute('aria-activedescendant', cell.id);
    }

    #press(event: KeyboardEvent): void {
        const { row, column } = this.#cursor;
        const lastRow = this.#content.total - 1;
        const lastColumn = this.#content.columns.length - 1;
        const page = Math.max(1, this.#screenful - 1);
        const isControl = event.ctrlKey || event.metaKey;
        const keys: Record<string, () => void> = {
            ArrowUp: () => this.#goTo(row - 1, column),
            ArrowDown: () => this.#goTo(row + 1, column),
            ArrowLeft: () => this.#goSideways(-1, event.shiftKey),
            ArrowRight: () => this.#goSideways(1, event.shiftKey),
            PageUp: () => this.#goTo(Math.max(0, row - page), column),
            PageDown: () => this.#goTo(row + page, column),
            Home: () => this.#goTo(isControl ? 0 : row, 0),
            End: () => this.#goTo(isControl ? lastRow : row, lastColumn),
            Enter: () => this.#activate(event.shiftKey, (at) => this.#user.open(at)),
            ' ': () => this.#activate(event.shiftKey, (at) => this.#user.toggle(at)),
            b: () => this.#onRow((at) => this.#user.useAsBaseline(at)),
            p: () => this.#onRow((at) => this.#user.pin(at)),
            s: () => this.#onRow((at) => this.#user.star(at)),
            ContextMenu: () => this.#menuAtCursor(),
            F10: () => {
                if (event.shiftKey) this.#menuAtCursor();
            },
        };
        const action = keys[event.key];
        if (action === undefined || event.altKey || (isControl && !/^(Home|End)$/.test(event.key))) return;
        event.preventDefault();
        action();
    }

    #goTo(row: number, column: number): void {
        const { total, columns } = this.#content;
        this.#cursor = {
            row: Math.min(total - 1, Math.max(head, row)),
            column: Math.min(columns.length - 1, Math.max(0, column)),
        };
        this.#scrollToCursor();
        this.#draw();
    }

    /** With Shift a heading is moved instead, so that its column is narrower or wider. */
    #goSideways(by: number, isShift: boolean): void {
        const { row, column } = this.#cursor;
        const place = this.#places[column];
        if (!isShift || row !== head) this.#goTo(row, column + by);
        else if (place !== undefined) this.#resize(place.column, place.width + by * widthStep);
    }

    #scrollToCursor(): void {
        const { row, column } = this.#cursor;
        const { element } = this;
        const top = row * rowHeight;
        const height = element.clientHeight - headHeight;
        if (row >= 0 && top < element.scrollTop) element.scrollTop = top;
        else if (top + rowHeight > element.scrollTop + height) element.scrollTop = top + rowHeight - height;
        const place = this.#places[column];
        const nameWidth = this.#places[0]?.width ?? 0;
        if (place === undefined || column === 0) return;
        const { left, width } = place;
        if (left - nameWidth < element.scrollLeft) element.scrollLeft = left - nameWidth;
        else if (left + width > element.scrollLeft + element.clientWidth)
            element.scrollLeft = left + width - element.clientWidth;
    }

    #activate(isShift: boolean, act: (row: RunsRow) => void): void {
        const column = this.#content.columns[this.#cursor.column];
        if (this.#cursor.row !== head) this.#onRow(act);
        else if (column !== undefined) this.#user.sortBy(column, isShift);
    }

    #onRow(act: (row: RunsRow) => void): void {
        const row = this.#rowAt(this.#cursor.row);
        if (row !== undefined) act(row);
    }

    #rowAt(index: number): RunsRow | undefined {
        const { loaded } = this.#content;
        return loaded.rows[index - loaded.offset];
    }

    /** What is under the mouse. */
    #hit({ target }: Event): { readonly row: number; readonly column: number } | undefined {
        const cell = (target as Element).closest<HTMLElement>('[data-column]');
        if (cell === null) return undefined;
        const row = cell.parentElement?.dataset['row'];
        return { row: row === undefined ? head : Number(row), column: Number(cell.dataset['column']) };
    }

    #mouseDown(event: MouseEvent): void {
        const hit = this.#hit(event);
        if (hit === undefined || (event.target as Element).closest('.resizer') !== null) return;
        this.#cursor = hit;
        this.#draw();
    }

    #click(event: MouseEvent): void {
        const { target, shiftKey, altKey } = event;
        const hit = this.#hit(event);
        if (hit === undefined || (target as Element).closest('.resizer') !== null) return;
        const column = this.#content.columns[hit.column];
        const row = this.#rowAt(hit.row);
        if (column === undefined) return;
        if (hit.row === head) this.#user.sortBy(column, shiftKey);
        if (row === undefined) return;
        const isOn = (part: string): boolean => (target as Element).closest(part) !== null;
        if (isOn('.star')) this.#user.star(row);
        else if (altKey) this.#user.filterBy(row, column, this.#cellOf(row, column));
        else if (isOn('.mark') || event.ctrlKey || event.metaKey) this.#user.toggle(row);
        else if (isOn('.run-name')) this.#user.open(row);
    }

    #doubleClick(event: MouseEvent): void {
        const row = this.#rowAt(this.#hit(event)?.row ?? head);
        const isHandled = (event.target as Element).closest('.mark, .star, .run-name') !== null;
        if (row !== undefined && !isHandled) this.#user.open(row);
    }

    #contextMenu(event: MouseEvent): void {
        event.preventDefault();
        const hit = this.#hit(event);
        if (hit === undefined) return;
        this.#cursor = hit;
        this.#draw();
        this.#menu(event.clientX, event.clientY);
    }

    #menuAtCursor(): void {
        const cell = document.getElementById(cellId(this.#cursor.row, this.#cursor.column));
        const { left, bottom } = (cell ?? this.element).getBoundingClientRect();
        this.#menu(left, bottom);
    }

    #menu(x: number, y: number): void {
        const row = this.#rowAt(this.#cursor.row);
        const column = this.#content.columns[this.#cursor.column];
        if (row === undefined || column === undefined) return;
        this.#user.openMenu(row, column, this.#cellOf(row, column), x, y);
    }

    #cellOf(row: RunsRow, { id }: RunsColumn): string {
        return id === nameColumn ? row.title : (row.cells[this.#content.loaded.columns.indexOf(id)] ?? '');
    }

    #startResize(event: PointerEvent, { column, width }: ColumnPlace): void {
        event.preventDefault();
        const handle = event.target as HTMLElement;
        const start = event.clientX;
        const stop = new AbortController();
        const { signal } = stop;
        // The heading is made anew while it is dragged.
        window.addEventListener(
            'pointermove',
            (move) => {
                this.#resize(column, width + move.clientX - start);
            },
            {
                signal,
            },
        );
        window.addEventListener(
            'pointerup',
            () => {
                stop.abort();
            },
            { signal },
        );
        handle.blur();
    }

    #resize({ id }: RunsColumn, width: number): void {
        this.#widths = { ...this.#widths, [id]: possibleWidth(width) };
        this.#user.keepWidths(this.#widths);
        this.#draw();
    }
}
