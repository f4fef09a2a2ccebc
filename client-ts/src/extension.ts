import type * as vscode from 'vscode';
import { Session } from './session';

let session: Session | undefined;

/** Called by VS Code when one of our commands, views or files is first used. The server starts meanwhile. */
export function activate(context: vscode.ExtensionContext): void {
    session = new Session(context);
    context.subscriptions.push(session);
}

/** Called by VS Code when the window closes; the server ends with its input. */
export const deactivate = (): Promise<void> | undefined => session?.stop();
