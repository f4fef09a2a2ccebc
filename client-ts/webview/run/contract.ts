import type {
    RunsFileParams,
    RunsFileResult,
    RunsSeriesParams,
    RunsSeriesResult,
    RunsTableParams,
    RunsTableResult,
    RunsViewParams,
    RunView,
} from '../../src/protocol.gen';

import type { PanelQuestions } from '../messages';

type OfThisRun<Params> = Omit<Params, 'id'>;

/** What the page about a run may ask the server; the extension adds which run it is. */
export interface RunQuestions extends PanelQuestions {
    'runs/view': { readonly params: OfThisRun<RunsViewParams>; readonly result: RunView };
    'runs/series': { readonly params: OfThisRun<RunsSeriesParams>; readonly result: RunsSeriesResult };
    'runs/table': { readonly params: OfThisRun<RunsTableParams>; readonly result: RunsTableResult };
    'runs/file': { readonly params: OfThisRun<RunsFileParams>; readonly result: RunsFileResult };
}

/** Reads a file of the run. */
export type AskFile = (path: string, signal: AbortSignal) => Promise<RunsFileResult>;

/** What the page may have the editor do about its run. */
export type RunAction =
    | { readonly kind: 'cancel' | 'openInPortal' | 'repeat' | 'reveal' | 'openConfiguration' | 'signIn' }
    | { readonly kind: 'compareCode' | 'restoreCode' | 'repeatWithChanges' }
    | { readonly kind: 'showLog' | 'download'; readonly path?: string }
    | { readonly kind: 'registerModel'; readonly path: string }
    | { readonly kind: 'openSource'; readonly uri: string; readonly line: number };
