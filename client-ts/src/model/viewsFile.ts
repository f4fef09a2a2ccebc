import type { RunsSort } from '../protocol.gen';
import type { KnownRun, SavedViews, TableView } from '../../webview/runs/contract';

/** The saved views of all tables: by the id of the table, then by name. What is not understood is left as it is. */
export type ViewsFile = Readonly<Record<string, unknown>>;

/** Reads the file's text. Throws when it is no JSON object. */
export function parseViews(text: string): ViewsFile {
    const file: unknown = text.trim() === '' ? {} : JSON.parse(text);
    if (!isObject(file) || Array.isArray(file)) throw new SyntaxError('Expected an object.');
    return file;
}

/** The file's text, which changes no more than what has changed, so that it can be merged. */
export function viewsText(file: ViewsFile): string {
    return `${JSON.stringify(file, sorted, 2)}\n`;
}

/** The views of one table. */
export function viewsOf(file: ViewsFile, table: string): SavedViews {
    const entries = Object.entries(tableOf(file, table)).flatMap(([name, value]) => {
        const view = readView(value);
        return view === undefined ? [] : [[name, view] as const];
    });
    return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}

/** The file with a view of a table kept under a name, or deleted. */
export function withView(file: ViewsFile, table: string, name: string, view: unknown): ViewsFile {
    const known = readView(view);
    const others = Object.entries(tableOf(file, table)).filter(([other]) => other !== name);
    const views = Object.fromEntries(known === undefined ? others : [...others, [name, known] as const]);
    const tables = Object.entries(file).filter(([other]) => other !== table);
    return Object.fromEntries(
        Object.keys(views).length === 0 ? tables : [...tables, [table, views] as const],
    );
}

function tableOf(file: ViewsFile, table: string): Readonly<Record<string, unknown>> {
    const views = Object.hasOwn(file, table) ? file[table] : undefined;
    return isObject(views) ? views : {};
}

/** What a page or a file calls a view, if it is one. */
function readView(value: unknown): TableView | undefined {
    if (!isObject(value) || typeof value['filter'] !== 'string') return undefined;
    const { filter, sort, columns, pinned, baseline } = value;
    const texts = (list: readonly unknown[]) => list.filter((id) => typeof id === 'string');
    return {
        filter,
        sort: (Array.isArray(sort) ? sort : []).filter(isSort),
        ...(Array.isArray(columns) && { columns: texts(columns) }),
        ...(Array.isArray(pinned) && { pinned: texts(pinned) }),
        ...(isRun(baseline) && { baseline: { id: baseline.id, title: baseline.title } }),
    };
}

function isSort(value: unknown): value is RunsSort {
    return isObject(value) && typeof value['column'] === 'string' && typeof value['descending'] === 'boolean';
}

function isRun(value: unknown): value is KnownRun {
    return isObject(value) && typeof value['id'] === 'string' && typeof value['title'] === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === 'object' && value !== null;
}

function sorted(_: string, value: unknown): unknown {
    if (!isObject(value) || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
