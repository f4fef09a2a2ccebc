// The page with a table of runs.
import '../page.css';
import './runs.css';
import type { RunsColumn, RunsQueryResult, RunsRow } from '../../src/protocol.gen';
import { csvOf } from '../csv';
import { announce, button, h, icon } from '../dom';
import { fileSaver } from '../fileSaver';
import { follow } from '../follow';
import { Host, pageStart } from '../host';
import { fill } from '../numbers';
import type { PlotsState } from '../plots';
import { openMenu } from '../popup';
import { Problem } from '../problem';
import { onThemeChange } from '../theme';
import { wait } from '../wait';
import { columnChooser } from './columnChooser';
import { defaultColumns, nameColumn } from './columns';
import type { RunsAction, RunsQuestions, TableView } from './contract';
import { FilterBox } from './filterBox';
import { conditionsOf, withCondition } from './filterText';
import { Grid, type LoadedRows } from './grid';
import { SelectedRuns } from './selectedRuns';
import { Selection, type SelectedRun } from './selection';
import { nextSort } from './sort';
import { Splitter } from './splitter';
import type { RunsTexts } from './texts';
import { viewList } from './viewList';

/** What outlives the page. */
interface State {
    readonly id: string;
    readonly view: TableView;
    readonly widths: Readonly<Record<string, number>>;
    readonly selected: readonly SelectedRun[];
    readonly plots: PlotsState;
    readonly plotsHeight: number;
}

/** An answer, with what was asked. */
interface Answer {
    readonly revision: number;
    readonly result: RunsQueryResult;
    readonly columns: readonly string[];
    readonly offset: number;
}

const host = new Host<RunsQuestions, RunsAction, State>();
const { id, texts } = pageStart<RunsTexts>();
const number = new Intl.NumberFormat(document.documentElement.lang);
/** The rows of one question, and of one copy. */
const mostRows = 1000;
const mostCopied = 10_000;
/** How long rows that come into view wait for others. */
const scrollPauseMs = 40;
/** How long a button says that it has done its work. */
const doneMs = 2000;

let view: TableView = host.state.view ?? { filter: '', sort: [] };
let columns: readonly RunsColumn[] = [];
let columnsRevision: number | undefined;
let result: RunsQueryResult | undefined;
let loaded: LoadedRows = { offset: 0, rows: [], columns: [] };
let following = new AbortController();
let restarting: number | undefined;
host.keep({ id });

const selection = new Selection(host.state.selected ?? [], () => {
    host.keep({ selected: selection.runs });
    showSelection();
    showGrid();
});
const problem = new Problem(texts, { signIn: () => host.act({ kind: 'signIn' }), tryAgain: () => restart() });
const filter = new FilterBox(texts, view.filter, (text) => setView({ filter: text }));
const grid = new Grid({
    texts,
    widths: host.state.widths ?? {},
    wantedChanged: () => restartSoon(),
    toggle: (row) => selection.toggle(row),
    open: ({ id: run }) => host.act({ kind: 'open', run }),
    useAsBaseline,
    star: (row) => void star(row),
    pin,
    sortBy: (column, adds) => setView({ sort: nextSort(view.sort, column, adds) }),
    filterBy: (row, column, cell) => {
        const [condition] = conditionsOf(column, cell, row, columns);
        if (condition !== undefined) addCondition(condition);
    },
    openMenu: showCellMenu,
    keepWidths: (widths) => host.keep({ widths }),
});
const selected = new SelectedRuns(selection, {
    texts,
    ask: (params, signal) => host.ask('runs/series', params, signal),
    rowsOf: (run, metric) => (offset, rows, signal) =>
        host.ask('runs/table', { id: run, metric, offset, count: rows }, signal),
    save: fileSaver(host, texts, showFailure),
    open: (run) => host.act({ kind: 'open', run }),
    compare: (kind, left, right) => host.act({ kind, left, right }),
    state: host.state.plots ?? {},
    keep: (change) => host.keep({ plots: { ...host.state.plots, ...change } }),
});
const splitter = new Splitter(texts.plotsHeight, selected.element, host.state.plotsHeight ?? 45, (percent) =>
    host.keep({ plotsHeight: percent }),
);

const title = h('h1', {}, texts.runs);
const count = h('span', { className: 'dim count', attributes: { role: 'status' } });
const baseline = h('span', { className: 'chip', hidden: true });
const empty = h('p', { className: 'grid-empty', hidden: true });
const [columnsButton, columnsPopup] = columnChooser({
    texts,
    all: () => columns,
    shown: shownIds,
    choose: (chosen) => setView({ columns: chosen }),
});
const [viewsButton, viewsPopup] = viewList({
    texts,
    list: async () => host.ask('views/list', {}, new AbortController().signal),
    keep: async (name, isDeleted) => {
        const params = isDeleted ? { name } : { name, view };
        return host.ask('views/keep', params, new AbortController().signal);
    },
    show: (saved) => replaceView(saved),
});
const copyButton = button({ label: texts.copyCsv, picture: 'copy', look: 'quiet' }, () => void copyCsv());
const main = h(
    'main',
    {},
    h(
        'header',
        { className: 'runs-head' },
        title,
        count,
        baseline,
        filter.element,
        h('div', { className: 'runs-buttons' }, columnsButton, viewsButton, copyButton),
    ),
    problem.element,
    h('p', { id: 'grid-keys', className: 'unseen' }, texts.gridKeys),
    h('div', { className: 'grid-frame' }, grid.element, empty),
    splitter.element,
    selected.element,
);
document.body.append(main, columnsPopup, viewsPopup);

/** Ids of the columns that are shown after the name. */
function shownIds(): readonly string[] {
    return view.columns ?? defaultColumns(columns);
}

function shownColumns(): readonly RunsColumn[] {
    const all = new Map(columns.map((column) => [column.id, column]));
    return [nameColumn, ...shownIds()].flatMap((column) => all.get(column) ?? []);
}

/** Shows the table in another way, and asks for it. */
function setView(change: Partial<TableView>): void {
    replaceView({ ...view, ...change });
}

function replaceView(next: TableView): void {
    const isOtherOrder =
        JSON.stringify([next.filter, next.sort]) !== JSON.stringify([view.filter, view.sort]);
    view = next;
    host.keep({ view });
    filter.text = view.filter;
    showBaseline();
    if (isOtherOrder) grid.scrollToTop();
    showGrid();
    restart();
}

function useAsBaseline({ id: run, title: name }: RunsRow): void {
    setView({ baseline: view.baseline?.id === run ? undefined : { id: run, title: name } });
}

function pin({ id: run }: RunsRow): void {
    const { pinned = [] } = view;
    const others = pinned.filter((one) => one !== run);
    setView({ pinned: others.length < pinned.length ? others : [...pinned, run] });
}

async function star({ id: run, starred = false }: RunsRow): Promise<void> {
    try {
        await host.ask('runs/star', { id: run, starred: !starred }, new AbortController().signal);
        restart();
    } catch (error) {
        showFailure(error as Error);
    }
}

function showBaseline(): void {
    baseline.hidden = view.baseline === undefined;
    if (view.baseline === undefined) return;
    const clear = button({ label: texts.clearBaseline, picture: 'close', look: 'quiet' }, () => {
        setView({ baseline: undefined });
        grid.element.focus();
    });
    const name = h('span', { className: 'chip-text' }, fill(texts.comparedWith, view.baseline.title));
    baseline.replaceChildren(name, clear);
}

function addCondition(condition: string): void {
    setView({ filter: withCondition(view.filter, condition) });
}

function showCellMenu(row: RunsRow, column: RunsColumn, cell: string, x: number, y: number): void {
    const isSelected = selection.styleOf(row.id) !== undefined;
    const conditions = conditionsOf(column, cell, row, columns);
    const items = [
        {
            text: texts.open,
            run: () => {
                host.act({ kind: 'open', run: row.id });
            },
        },
        {
            text: isSelected ? texts.deselect : texts.select,
            run: () => {
                selection.toggle(row);
            },
        },
        {
            text: row.id === view.baseline?.id ? texts.clearBaseline : texts.useAsBaseline,
            run: () => {
                useAsBaseline(row);
            },
        },
        {
            text: row.starred === true ? texts.unstar : texts.star,
            run: () => void star(row),
        },
        {
            text: isPinned(row.id) ? texts.unpin : texts.pin,
            run: () => {
                pin(row);
            },
        },
        ...conditions.map((condition) => ({
            text: fill(texts.filterBy, condition),
            run: () => addCondition(condition),
        })),
        ...(cell === ''
            ? []
            : [
                  {
                      text: texts.copyValue,
                      run: () => {
                          host.act({ kind: 'copy', text: cell });
                      },
                  },
              ]),
    ];
    openMenu(x, y, texts.cellMenu, items, () => grid.element.focus());
}

function isPinned(run: string): boolean {
    return view.pinned?.includes(run) === true;
}

function showGrid(): void {
    grid.show({
        columns: shownColumns(),
        sort: view.sort,
        baseline: view.baseline?.id,
        isPinned,
        total: result?.matching ?? 0,
        loaded,
        styleOf: (run) => selection.styleOf(run),
    });
}

function showSelection(): void {
    const isAny = selection.runs.length > 0;
    splitter.element.hidden = selected.element.hidden = !isAny;
    selected.update(columns);
    selected.setAwake(isAny && document.visibilityState === 'visible');
}

function show(answer: Answer): void {
    ({ result } = answer);
    loaded = { offset: answer.offset, rows: result.rows, columns: answer.columns };
    if (result.columns !== undefined) {
        ({ columns = [] } = result);
        selected.update(columns);
    }
    ({ columnsRevision } = result);
    title.textContent = result.title;
    filter.showProblem(result.filterProblem);
    showCount(result);
    problem.show(undefined, result.problem);
    selection.learn(result.rows);
    showGrid();
}

function showCount({ total, matching, complete }: RunsQueryResult): void {
    const isAll = matching === total && view.filter === '';
    const all = total === 1 ? texts.oneRun : fill(texts.allRuns, number.format(total));
    const text = isAll ? all : fill(texts.someRuns, number.format(matching), number.format(total));
    count.textContent = complete ? text : `${text} · ${texts.loading}`;
    empty.hidden = matching > 0;
    if (!complete) empty.textContent = texts.loading;
    else empty.textContent = total === 0 ? texts.noRuns : texts.noRunMatches;
}

async function ask(revision: number | undefined, signal: AbortSignal): Promise<Answer> {
    const { columns: wanted, offset, count: rows } = grid.wanted;
    const params = {
        ...question(),
        offset,
        count: rows,
        columns: [...wanted],
        ...(revision !== undefined && { revision }),
        ...(columnsRevision !== undefined && { columnsRevision }),
    };
    const answer = await host.ask('runs/query', params, signal);
    return { revision: answer.revision, result: answer, columns: wanted, offset };
}

/** Which rows there are, and in which order. */
function question() {
    const { filter: text, sort, pinned = [], baseline: compared } = view;
    return {
        ...(text !== '' && { filter: text }),
        ...(sort.length > 0 && { sort: [...sort] }),
        ...(pinned.length > 0 && { pinned: [...pinned] }),
        ...(compared !== undefined && { baseline: compared.id }),
    };
}

/** Follows the table while somebody sees the page. */
function restart(): void {
    window.clearTimeout(restarting);
    restarting = undefined;
    following.abort();
    following = new AbortController();
    const isSeen = document.visibilityState === 'visible';
    selected.setAwake(isSeen && selection.runs.length > 0);
    if (!isSeen) return;
    void follow({ ask, show, showProblem: showFailure, wait }, following.signal);
}

function showFailure(error: Error | undefined): void {
    problem.show(error, result?.problem);
}

/** Asks for what has come into view. */
function restartSoon(): void {
    restarting ??= window.setTimeout(restart, scrollPauseMs);
}

/** Copies the rows that match, with the columns that are shown. */
async function copyCsv(): Promise<void> {
    const shown = shownColumns();
    const ids = shown.map((column) => column.id);
    const lines = [shown.map((column) => column.title)];
    copyButton.setAttribute('aria-busy', 'true');
    try {
        const { signal } = new AbortController();
        for (let matching = 1; lines.length - 1 < Math.min(matching, mostCopied);) {
            const offset = lines.length - 1;
            const params = { ...question(), columns: ids, offset, count: mostRows };
            const part = await host.ask('runs/query', params, signal);
            ({ matching } = part);
            if (part.rows.length === 0) break;
            lines.push(...part.rows.map(({ cells }) => cells));
        }
        host.act({ kind: 'copy', text: csvOf(lines) });
        announce(fill(texts.copied, number.format(lines.length - 1)));
        copyButton.replaceChildren(icon('check'));
        window.setTimeout(() => {
            copyButton.replaceChildren(icon('copy'));
        }, doneMs);
    } catch (error) {
        problem.show(error as Error, undefined);
    } finally {
        copyButton.removeAttribute('aria-busy');
    }
}

document.addEventListener('visibilitychange', restart);
onThemeChange(() => showGrid());
showBaseline();
showSelection();
showGrid();
empty.hidden = false;
empty.textContent = texts.loading;
restart();
