import { rename, open, rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { sizeText } from '../model/sizes';
import { chooseTarget } from '../ui/saveTarget';
import type { LogDocument, ReadLog } from './logDocument';
import { logScheme, type LogDocuments } from './logDocuments';

/** Offers the whole log above the line that says that its beginning is missing. */
export function registerDownloadLens(documents: LogDocuments): vscode.Disposable {
    return vscode.languages.registerCodeLensProvider(
        { scheme: logScheme },
        {
            provideCodeLenses: ({ uri }) => {
                if (documents.find(uri)?.isCut !== true) return [];
                const title = vscode.l10n.t('Download Log…');
                const command = { title, command: 'azureml.log.download', arguments: [uri] };
                return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command)];
            },
        },
    );
}

/** Writes a log, as far as it goes by now, to a file that the user chooses; piece by piece, whatever its size. */
export async function downloadLog({ uri, address, reader }: LogDocument, read: ReadLog): Promise<void> {
    const name = uri.path.split('/').at(-1) ?? '';
    const proposed = name.includes('.') ? name : `${name}.log`;
    const target = await chooseTarget(proposed, vscode.l10n.t('Download Log'));
    if (target === undefined) return;
    if (target.scheme !== 'file') throw new Error(vscode.l10n.t('Choose a folder on the disk.'));
    const options = {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Downloading {0}', name),
        cancellable: true,
    };
    const { path } = reader;
    await vscode.window.withProgress(options, async (progress, cancel) => {
        const stop = new AbortController();
        cancel.onCancellationRequested(() => {
            stop.abort();
        });
        await writeLog(target.fsPath, stop.signal, async (offset) => {
            const share = Math.min(1, offset / Math.max(1, reader.size));
            progress.report({ message: `${sizeText(offset)} · ${Math.floor(share * 100)} %` });
            return read({ id: address.run, ...(path !== '' && { path }), offset }, stop.signal);
        });
    });
}

interface Piece {
    readonly text: string;
    readonly nextOffset: number;
}

/** The file has its name once it is whole. */
async function writeLog(
    file: string,
    stop: AbortSignal,
    next: (offset: number) => Promise<Piece>,
): Promise<void> {
    const unfinished = `${file}.part`;
    const output = await open(unfinished, 'w');
    try {
        for (let offset = 0, isMore = true; isMore;) {
            const piece = await next(offset);
            stop.throwIfAborted();
            await output.write(piece.text);
            isMore = piece.nextOffset > offset;
            offset = piece.nextOffset;
        }
        await output.close();
        await rename(unfinished, file);
    } catch (error) {
        await output.close();
        await rm(unfinished, { force: true });
        if (!stop.aborted) throw error;
    }
}
