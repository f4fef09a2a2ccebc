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
