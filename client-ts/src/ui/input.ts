import * as vscode from 'vscode';
import type { InputParams, InputResult } from '../protocol.gen';

/** Asks the server whether a value would do; resolves to a message when it would not. */
export type Validate = (token: string, value: string) => Promise<string | undefined>;

/** Shows one step of a question with free text. A value the server finds wrong is not accepted. */
export function showInput(
    params: InputParams,
    validate: Validate,
    cancel: vscode.CancellationToken,
): Promise<InputResult> {
    const input = vscode.window.createInputBox();
    input.title = params.title;
    input.step = params.step;
    input.totalSteps = params.totalSteps;
    input.prompt = params.prompt;
    input.value = params.value ?? '';
    input.placeholder = params.placeholder;
    input.ignoreFocusOut = true;
    input.buttons = params.canGoBack ? [vscode.QuickInputButtons.Back] : [];

    /** Shows the verdict on the current value, unless the user has typed on meanwhile. */
    const check = async (): Promise<boolean> => {
        const value = input.value;
        const message = await validate(params.token, value);
        if (value === input.value) input.validationMessage = message;
        return message === undefined;
    };

    return new Promise<InputResult>((resolve) => {
        const answer = (result: InputResult): void => {
            resolve(result);
            input.hide();
        };
        cancel.onCancellationRequested(() => {
            answer({ kind: 'cancelled' });
        });
        input.onDidTriggerButton(() => {
            answer({ kind: 'back' });
        });
        input.onDidChangeValue(() => void check());
        input.onDidAccept(async () => {
            const value = input.value;
            if (await check()) answer({ kind: 'entered', value });
        });
        input.onDidHide(() => {
            resolve({ kind: 'cancelled' });
            input.dispose();
        });
        input.show();
    });
}
