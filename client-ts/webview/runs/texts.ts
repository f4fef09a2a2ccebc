import type { PlotTexts, ProblemTexts } from '../texts';

/** Every text of the page about a table of runs that is not the server's. `{0}` stands for a value. */
export interface RunsTexts extends PlotTexts, ProblemTexts {
    readonly runs: string;
    readonly someRuns: string;
    readonly allRuns: string;
    readonly oneRun: string;
    readonly noRuns: string;
    readonly noRunMatches: string;
    readonly filter: string;
    readonly filterExample: string;
    readonly columns: string;
    readonly findColumn: string;
    readonly noColumn: string;
    readonly moreColumns: string;
    readonly usualColumns: string;
    readonly parameters: string;
    readonly tags: string;
    readonly views: string;
    readonly viewName: string;
    readonly save: string;
    readonly noViews: string;
    readonly deleteView: string;
    readonly copyCsv: string;
    readonly copied: string;
    readonly baseline: string;
    readonly comparedWith: string;
    readonly clearBaseline: string;
    readonly useAsBaseline: string;
    readonly pin: string;
    readonly unpin: string;
    readonly pinned: string;
    readonly star: string;
    readonly unstar: string;
    readonly starred: string;
    readonly gridKeys: string;
    readonly cellMenu: string;
    readonly open: string;
    readonly select: string;
    readonly deselect: string;
    readonly filterBy: string;
    readonly copyValue: string;
    readonly selected: string;
    readonly clearSelection: string;
    readonly compare: string;
    readonly plotsHeight: string;
    readonly noPlots: string;
}
