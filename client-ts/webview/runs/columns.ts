import type { RunsColumn } from '../../src/protocol.gen';

/** The column that stands first and stays in view. */
export const nameColumn = 'name';

/** With what the runs are shown when nobody has chosen columns. */
const usual = ['status', 'submitted', 'duration'];
const mostColumns = 12;

/** Columns that tell runs apart: the usual ones, and metrics and parameters that differ, about as many of each. */
export function defaultColumns(columns: readonly RunsColumn[]): readonly string[] {
    const own = usual.filter((id) => columns.some((column) => column.id === id));
    const varying = (wanted: RunsColumn['group']): readonly string[] =>
        columns.filter(({ group, varies }) => group === wanted && varies).map(({ id }) => id);
    const metrics = varying('metric');
    const parameters = varying('parameter');
    const room = mostColumns - 1 - own.length;
    const share = Math.max(Math.ceil(room / 2), room - parameters.length);
    const shownMetrics = metrics.slice(0, share);
    return [...own, ...shownMetrics, ...parameters.slice(0, room - shownMetrics.length)];
}

/** Where a column lies, from the left edge of the table. */
export interface ColumnPlace {
    readonly column: RunsColumn;
    /** Counted from 0, the name's being 0. */
    readonly index: number;
    readonly left: number;
    readonly width: number;
}

const letter = 8;
/** What a heading has beside its text: its padding, and the arrow of the order. */
const besideHeading = 46;
const narrowest = 48;
const widest = 800;

/** How wide a column is when nobody has chosen it; `hasDifferences`: with room for a second number. */
export function usualWidth({ id, title, isNumber }: RunsColumn, hasDifferences: boolean): number {
    const heading = Math.min(220, title.length * letter + besideHeading);
    if (!isNumber) return Math.max(120, heading);
    const value = { submitted: 200, duration: 116 }[id] ?? 96;
    const difference = hasDifferences && id !== 'submitted' ? 60 : 0;
    return Math.max(value + difference, heading);
}

/** A width that a column can have. */
export function possibleWidth(width: number): number {
    return Math.round(Math.min(widest, Math.max(narrowest, width)));
}

/** Puts columns side by side. */
export function placeColumns(
    columns: readonly RunsColumn[],
    widthOf: (column: RunsColumn) => number,
): readonly ColumnPlace[] {
    let left = 0;
    return columns.map((column, index) => {
        const width = widthOf(column);
        const place = { column, index, left, width };
        left += width;
        return place;
    });
}

/** The name, and those that lie between two places or near them. */
export function placesInView(
    places: readonly ColumnPlace[],
    from: number,
    to: number,
    margin: number,
): readonly ColumnPlace[] {
    return places.filter(
        ({ index, left, width }) => index === 0 || (left + width >= from - margin && left <= to + margin),
    );
}

/** A part of the rows. */
export interface RowWindow {
    readonly offset: number;
    readonly count: number;
}

/** The rows that can be seen. */
export function rowsInView(scrollTop: number, height: number, rowHeight: number, total: number): RowWindow {
    const offset = Math.min(Math.max(0, total - 1), Math.max(0, Math.floor(scrollTop / rowHeight)));
    const end = Math.min(total, Math.ceil((scrollTop + height) / rowHeight));
    return { offset, count: Math.max(0, end - offset) };
}

/** What to ask for, so that these rows can be seen: what is there already, or they and as many around them. */
export function windowAround(view: RowWindow, known: RowWindow): RowWindow {
    const isKnown = view.offset >= known.offset && view.offset + view.count <= known.offset + known.count;
    if (isKnown) return known;
    const margin = Math.max(20, view.count);
    const offset = Math.max(0, view.offset - margin);
    return { offset, count: Math.min(1000, view.offset + view.count + margin - offset) };
}
