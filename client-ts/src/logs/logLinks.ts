import * as vscode from 'vscode';
import { sourceLinks } from '../model/sourceLinks';
import type { RunsSourceParams, RunsSourceResult } from '../protocol.gen';
import { logScheme, type LogDocuments } from './logDocuments';

/** Links in a log. */
const mostLinks = 2000;
/** Files that one log names. */
const mostFiles = 200;

type FindSource = (params: RunsSourceParams) => Promise<RunsSourceResult>;

/**
 * Makes the lines of tracebacks links to the local file that they mean. A link that VS Code has shown must lead
 * somewhere, so it is not first looked for when it is pressed.
 */
export function registerLogLinks(documents: LogDocuments, find: FindSource): vscode.Disposable {
    const known = new WeakMap<object, Map<string, Promise<vscode.Uri | undefined>>>();

    async function findFile(id: string, path: string): Promise<vscode.Uri | undefined> {
        const { uri } = await find({ id, path });
        return uri === undefined ? undefined : vscode.Uri.parse(uri);
    }

    return vscode.languages.registerDocumentLinkProvider(
        { scheme: logScheme },
        {
            provideDocumentLinks: async (document) => {
                const log = documents.find(document.uri);
                if (log === undefined) return [];
                const files = known.get(log) ?? new Map<string, Promise<vscode.Uri | undefined>>();
                known.set(log, files);
                const places = sourceLinks(document.getText(), mostLinks);
                for (const { path } of places) {
                    if (files.has(path) || files.size >= mostFiles) continue;
                    const found = findFile(log.address.run, path);
                    found.catch(() => files.delete(path));
                    files.set(path, found);
                }
                const links = places.map(async ({ at, start, end, path, line }) => {
                    const file = await files.get(path)?.catch(() => undefined);
                    if (file === undefined) return undefined;
                    const target = file.with({ fragment: `L${line}` });
                    return new vscode.DocumentLink(new vscode.Range(at, start, at, end), target);
                });
                return (await Promise.all(links)).filter((link) => link !== undefined);
            },
        },
    );
}
