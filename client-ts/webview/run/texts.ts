import type { PlotTexts, ProblemTexts } from '../texts';

/** Every text of the page about a run that is not the server's. `{0}` stands for a value. */
export interface RunTexts extends PlotTexts, ProblemTexts {
    readonly showLog: string;
    readonly openInPortal: string;
    readonly cancelRun: string;
    readonly repeatRun: string;
    readonly repeatWithChanges: string;
    readonly showInTree: string;
    readonly stages: string;
    readonly usually: string;
    readonly traceback: string;
    readonly line: string;
    readonly inFunction: string;
    readonly wholeText: string;
    readonly warnings: string;
    readonly noMetrics: string;
    readonly noMetricsEver: string;
    readonly tables: string;
    readonly charts: string;
    readonly asTable: string;
    readonly spread: string;
    readonly noChart: string;
    readonly images: string;
    readonly previousImage: string;
    readonly nextImage: string;
    readonly noPicture: string;
    readonly otherMetrics: string;
    readonly parameters: string;
    readonly tags: string;
    readonly name: string;
    readonly value: string;
    readonly logs: string;
    readonly files: string;
    readonly downloadAll: string;
    readonly download: string;
    readonly registerModel: string;
    readonly showAll: string;
    readonly moreFiles: string;
    readonly notShown: string;
    readonly cutOff: string;
    readonly configuration: string;
    readonly openDocument: string;
    readonly compareCode: string;
    readonly restoreCode: string;
}
