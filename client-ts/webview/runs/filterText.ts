// Conditions in the server's words for filters.
import type { RunsColumn, RunsRow } from '../../src/protocol.gen';

/** A name or a value; in quotes where it would be read as something else. */
function word(text: string): string {
    const isPlain = /^[^\s"\\=!<>~]+$/.test(text) && text.toLowerCase() !== 'and';
    return isPlain ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** The shortest name that means a column and no other. */
function nameOf({ id, title, group }: RunsColumn, columns: readonly RunsColumn[]): string {
    if (group === 'run') return id;
    const name = title.toLowerCase();
    const isOnly = columns.every(
        (other) => other.id === id || (other.title.toLowerCase() !== name && other.id.toLowerCase() !== name),
    );
    return isOnly ? title : id;
}

/** Conditions that a cell suggests, the likeliest first; none for a time or a duration, which are no words. */
export function conditionsOf(
    column: RunsColumn,
    cell: string,
    { status, title }: Pick<RunsRow, 'status' | 'title'>,
    columns: readonly RunsColumn[],
): readonly string[] {
    const { id, group, isNumber } = column;
    // Azure's word for a status, not the user's.
    const value = { status, name: title }[id] ?? cell;
    if (value === '' || /[\r\n]/.test(value) || (group === 'run' && isNumber)) return [];
    // A metric is shown rounded, so it would equal nothing.
    const signs = group === 'metric' ? ['>=', '<='] : ['=', '!='];
    return signs.map((sign) => `${word(nameOf(column, columns))} ${sign} ${word(value)}`);
}

/** A filter with one more condition. */
export function withCondition(filter: string, condition: string): string {
    const text = filter.trim();
    if (text === '' || text === condition) return condition;
    return text.endsWith(` and ${condition}`) || text.startsWith(`${condition} and `)
        ? text
        : `${text} and ${condition}`;
}
