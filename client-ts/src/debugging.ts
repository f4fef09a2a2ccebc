import * as vscode from 'vscode';
import { fileInFront, showError } from './commands';

type Resolve = (given: unknown[]) => Promise<vscode.DebugConfiguration | null>;

/** Debugging on this computer: the server makes of a run configuration what Python's debugger launches. */
export function registerDebugging(resolve: Resolve): vscode.Disposable {
    const provider: vscode.DebugConfigurationProvider = {
        provideDebugConfigurations: () => [
            { type: 'azureml', request: 'launch', name: vscode.l10n.t('Azure ML: Run configuration') },
        ],
        resolveDebugConfiguration: async (folder, given) => {
            try {
                const place = folder?.uri.fsPath ?? null;
                return await resolve([given, hasDebugger(), place, fileInFront()]);
            } catch (error) {
                void showError(error);
                return undefined; // Nothing starts.
            }
        },
    };
    const { Initial, Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
    const register = (kind: vscode.DebugConfigurationProviderTriggerKind): vscode.Disposable =>
        vscode.debug.registerDebugConfigurationProvider('azureml', provider, kind);
    return vscode.Disposable.from(register(Initial), register(Dynamic));
}

/** `Debug on this computer` on a file, or on the one in front. */
export async function startDebugging(file: unknown): Promise<void> {
    const uri = typeof file === 'string' ? vscode.Uri.parse(file) : file;
    const configuration = uri instanceof vscode.Uri ? { configuration: uri.fsPath } : {};
    const launch = { type: 'azureml', request: 'launch', name: 'Azure ML', ...configuration };
    await vscode.debug.startDebugging(undefined, launch);
}

/** Whether an extension that debugs Python is there. */
function hasDebugger(): boolean {
    interface Manifest {
        readonly contributes?: { readonly debuggers?: readonly { readonly type: string }[] };
    }
    return vscode.extensions.all.some(({ packageJSON }) =>
        (packageJSON as Manifest).contributes?.debuggers?.some(({ type }) => type === 'debugpy'),
    );
}
