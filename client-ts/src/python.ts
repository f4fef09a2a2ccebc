import * as vscode from 'vscode';

/** What we use of the Python extension's API. */
interface PythonExtension {
    readonly environments: {
        readonly getActiveEnvironmentPath: () => object;
        readonly resolveEnvironment: (
            path: object,
        ) => Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
    };
}

/** The interpreter that is selected in this window; undefined where nobody has one or there is no such extension. */
export async function selectedPython(): Promise<string | undefined> {
    try {
        const python = await vscode.extensions.getExtension<PythonExtension>('ms-python.python')?.activate();
        const path = python?.environments.getActiveEnvironmentPath();
        return path && (await python?.environments.resolveEnvironment(path))?.executable.uri?.fsPath;
    } catch {
        return undefined; // Then the emulator looks for one.
    }
}
