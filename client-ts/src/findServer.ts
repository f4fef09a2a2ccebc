import * as fs from 'node:fs';
import * as vscode from 'vscode';
import { isSupported, thisMachine } from './model/platform';

/**
 * The path of the server program: the setting `azureml.server.path`, else the bundled one.
 * Throws an Error with a message for the user when there is none for this machine.
 */
export function findServer(context: vscode.ExtensionContext): string {
    const configured = vscode.workspace.getConfiguration('azureml').get<string>('server.path');
    if (!configured) return bundled(context, 'aml');
    if (fs.existsSync(configured)) return configured;
    throw new Error(
        vscode.l10n.t(
            'There is no program at {0}. Correct the setting azureml.server.path or clear it.',
            configured,
        ),
    );
}

/** The path of a program that comes with the extension. Throws an Error for the user when it cannot run here. */
export function bundled(context: vscode.ExtensionContext, name: string): string {
    const machine = thisMachine();
    if (!isSupported(machine)) {
        throw new Error(
            vscode.l10n.t(
                'This version of Azure ML Experiments runs on Linux x64 with the GNU C library 2.36 or newer; this machine is {0} {1} with {2}. Build the server and name it in the setting azureml.server.path.',
                machine.platform,
                machine.arch,
                machine.glibc === undefined ? vscode.l10n.t('another C library') : `glibc ${machine.glibc}`,
            ),
        );
    }
    const packaged = context.asAbsolutePath(`bin/${name}`);
    return fs.existsSync(packaged) ? packaged : context.asAbsolutePath(`build/release/bin/${name}`);
}
