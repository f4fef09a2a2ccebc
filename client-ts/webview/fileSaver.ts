import { announce } from './dom';
import type { Host } from './host';
import type { PageFile, PanelQuestions } from './messages';

/** Has what a page makes saved where the user says; `showProblem` hears why it was not. */
export function fileSaver<
    Asked extends PanelQuestions & Record<keyof Asked, { params: object; result: unknown }>,
>(
    host: Pick<Host<Asked, unknown, object>, 'ask'>,
    texts: { readonly saved: string },
    showProblem: (error: Error) => void,
): (make: () => Promise<PageFile>) => Promise<void> {
    return async (make) => {
        try {
            const { signal } = new AbortController();
            if (await host.ask('page/save', await make(), signal)) announce(texts.saved);
        } catch (error) {
            showProblem(error as Error);
        }
    };
}
