import * as fs from 'node:fs';
import * as vscode from 'vscode';
import { required, thisMachine, unsupported } from './model/platform';

/**
 * The path of the server program: the setting `azureml.server.path`, else the bundled one.
 * Throws an Error with a message for the user when there is none for this machine.
 */
export function findServer(context: vscode.ExtensionContext): string {
    const configured = vscode.workspace.getConfiguration('azureml').get<string>('server.path');
    if (configured) {
        if (fs.existsSync(configured)) return configured;
        throw new Error(
            vscode.l10n.t(
                'There is no program at {0}. Correct the setting azureml.server.path or clear it.',
                configured,
            ),
        );
    }
    checkMachine();
    return bundled(context, 'aml');
}

/** Throws an Error with a message for the user when the bundled programs cannot run here. */
export function checkMachine(): void {
    const machine = thisMachine();
    const reason = unsupported(machine);
    if (reason === undefined) return;
    const platform = vscode.l10n.t(
        'This version of Azure ML Experiments runs on Linux x64; this machine is {0} {1}. Build the server and name it in the setting azureml.server.path.',
        machine.platform,
        machine.arch,
    );
    const libc = vscode.l10n.t(
        'Azure ML Experiments needs the GNU C library {0} or newer; this machine has {1}.',
        required.glibc,
        machine.glibc ?? vscode.l10n.t('another C library'),
    );
    throw new Error(reason === 'platform' ? platform : libc);
}

/** The path of a program that comes with the extension. */
export function bundled(context: vscode.ExtensionContext, name: string): string {
    const packaged = context.asAbsolutePath(`bin/${name}`);
    return fs.existsSync(packaged) ? packaged : context.asAbsolutePath(`build/release/bin/${name}`);
}
