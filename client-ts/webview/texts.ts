// The texts of what pages share.

/** The texts of a table. */
export interface TableTexts {
    readonly rows: string;
    readonly noRows: string;
    readonly firstPage: string;
    readonly previousPage: string;
    readonly nextPage: string;
    readonly lastPage: string;
    readonly loading: string;
    readonly tryAgain: string;
}

/** The texts of plots. */
export interface PlotTexts extends TableTexts {
    readonly metrics: string;
    readonly filterMetrics: string;
    readonly noMatch: string;
    readonly axis: string;
    readonly step: string;
    readonly time: string;
    readonly elapsed: string;
    readonly smoothing: string;
    readonly off: string;
    readonly logarithmic: string;
    readonly drawn: string;
    readonly points: string;
    readonly onePoint: string;
    readonly notLogarithmic: string;
    readonly chartLabel: string;
    readonly chartKeys: string;
    readonly enlarge: string;
    readonly makeSmall: string;
    readonly resetZoom: string;
    readonly atStep: string;
    readonly atTime: string;
    readonly afterTime: string;
    readonly values: string;
    readonly stepNumber: string;
    readonly linesLabel: string;
    readonly savePlot: string;
    readonly savePng: string;
    readonly saveSvg: string;
    readonly saveCsv: string;
    readonly saved: string;
    readonly run: string;
}

/** The texts of what keeps a page from being up to date. */
export interface ProblemTexts {
    readonly signIn: string;
    readonly tryAgain: string;
}
