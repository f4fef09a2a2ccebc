/** Which log of which run a document shows. */
export interface LogAddress {
    /** A row of the tree, or an Azure resource id. */
    readonly run: string;
    /** Absent for the main log. */
    readonly path?: string | undefined;
}

/** The path of a document's address: its last part is the title of the tab. */
export function documentPath(title: string, path?: string): string {
    const folder = title.replaceAll(/[/\\]/g, '-');
    const file = path === undefined ? `${folder}.log` : (path.split('/').at(-1) ?? path);
    return `/${folder}/${file}`;
}

export function documentQuery({ run, path }: LogAddress): string {
    return new URLSearchParams({ run, ...(path !== undefined && { path }) }).toString();
}

/** Nothing for an address that is none of ours. */
export function readDocumentQuery(query: string): LogAddress | undefined {
    const fields = new URLSearchParams(query);
    const run = fields.get('run');
    if (run === null) return undefined;
    return { run, path: fields.get('path') ?? undefined };
}
