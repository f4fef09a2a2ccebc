import type {
    RunsQueryParams,
    RunsQueryResult,
    RunsSeriesParams,
    RunsSeriesResult,
    RunsSort,
    RunsStarParams,
    RunsTableParams,
    RunsTableResult,
} from '../../src/protocol.gen';
import type { PanelQuestions } from '../messages';

/** A run that is remembered when its row is out of sight. */
export interface KnownRun {
    readonly id: string;
    readonly title: string;
}

/** What of a table is shown, and how. */
export interface TableView {
    readonly filter: string;
    /** The most important first. */
    readonly sort: readonly RunsSort[];
    /** Ids of the columns after the name; absent: those that tell the runs apart. */
    readonly columns?: readonly string[] | undefined;
    /** Ids of runs that come first, whatever the order. */
    readonly pinned?: readonly string[] | undefined;
    /** What numbers are compared with. */
    readonly baseline?: KnownRun | undefined;
}

/** Saved views of a table by their names. */
export type SavedViews = Readonly<Record<string, TableView>>;

/** What the page about a table of runs may ask. */
export interface RunsQuestions extends PanelQuestions {
    'runs/query': { readonly params: Omit<RunsQueryParams, 'id'>; readonly result: RunsQueryResult };
    'runs/series': { readonly params: RunsSeriesParams; readonly result: RunsSeriesResult };
    'runs/table': { readonly params: RunsTableParams; readonly result: RunsTableResult };
    'runs/star': { readonly params: RunsStarParams; readonly result: null };
    'views/list': { readonly params: object; readonly result: SavedViews };
    /** Keeps a view under a name; without one deletes it. */
    'views/keep': {
        readonly params: { readonly name: string; readonly view?: TableView };
        readonly result: SavedViews;
    };
}

/** What the page may have the editor do. */
export type RunsAction =
    | { readonly kind: 'signIn' }
    | { readonly kind: 'open'; readonly run: string }
    | { readonly kind: 'compare' | 'compareCode'; readonly left: string; readonly right: string }
    | { readonly kind: 'copy'; readonly text: string };
