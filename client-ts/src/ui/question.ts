import * as vscode from 'vscode';

interface Step {
    readonly title: string;
    readonly step?: number;
    readonly totalSteps?: number;
    readonly placeholder?: string;
    readonly canGoBack: boolean;
}

type Unanswered = { kind: 'back' } | { kind: 'cancelled' };

const open = new Set<vscode.QuickInput>();

/**
 * Shows one step of a dialogue. `accept` is called when the user confirms and gives the answer, or undefined to go on
 * asking; `listen` hears of an answer that is given in another way. Back and Escape are answers too.
 */
export async function ask<Answer, Item extends vscode.QuickPickItem>(
    input: vscode.InputBox | vscode.QuickPick<Item>,
    step: Step,
    cancel: vscode.CancellationToken,
    accept: () => Promise<Answer | undefined>,
    listen?: (end: (answer: Answer) => void) => void,
): Promise<Answer | Unanswered> {
    input.title = step.title;
    input.step = step.step;
    input.totalSteps = step.totalSteps;
    input.placeholder = step.placeholder;
    input.ignoreFocusOut = true;
    if (step.canGoBack) input.buttons = [vscode.QuickInputButtons.Back, ...input.buttons];
    return new Promise((resolve) => {
        const end = (answer: Answer | Unanswered): void => {
            resolve(answer);
            input.hide();
        };
        cancel.onCancellationRequested(() => {
            input.hide();
        });
        input.onDidTriggerButton((button) => {
            if (button === vscode.QuickInputButtons.Back) end({ kind: 'back' });
        });
        listen?.(end);
        input.onDidAccept(async () => {
            const answer = await accept();
            if (answer !== undefined) end(answer);
        });
        input.onDidHide(() => {
            resolve({ kind: 'cancelled' });
            open.delete(input);
            input.dispose();
        });
        open.add(input);
        input.show();
    });
}

/** Closes the questions of a server that is gone: nobody waits for their answers. */
export function closeQuestions(): void {
    for (const input of open) input.hide();
}
