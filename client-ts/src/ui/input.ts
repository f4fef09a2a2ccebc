import * as vscode from 'vscode';
import type { InputParams, InputResult } from '../protocol.gen';
import { ask } from './question';

/** Asks the server whether a value would do; resolves to a message when it would not. */
export type Validate = (token: string, value: string) => Promise<string | undefined>;

/** Shows one step of a question with free text. A value the server finds wrong is not accepted. */
export async function showInput(
    params: InputParams,
    validate: Validate,
    cancel: vscode.CancellationToken,
): Promise<InputResult> {
    const input = vscode.window.createInputBox();
    input.prompt = params.prompt;
    input.value = params.value ?? '';
    /** Shows the verdict on the current value, unless the user has typed on meanwhile. */
    const check = async (): Promise<boolean> => {
        const { value } = input;
        const message = await validate(params.token, value).catch(String); // Not accepted unseen.
        if (value === input.value) input.validationMessage = message;
        return message === undefined;
    };
    input.onDidChangeValue(() => void check());
    return ask<InputResult, never>(input, params, cancel, async () => {
        const { value } = input;
        return (await check()) ? { kind: 'entered', value } : undefined;
    });
}
