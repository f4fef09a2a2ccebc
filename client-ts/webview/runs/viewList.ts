import { button, h } from '../dom';
import { fill } from '../numbers';
import { popupOf } from '../popup';
import type { SavedViews, TableView } from './contract';
import type { RunsTexts } from './texts';

/** What saved views are kept with. */
export interface ViewsContext {
    readonly texts: RunsTexts;
    readonly list: () => Promise<SavedViews>;
    /** Keeps the view of now under a name, or deletes that of the name. */
    readonly keep: (name: string, isDeleted: boolean) => Promise<SavedViews>;
    readonly show: (view: TableView) => void;
}

/** The button that opens the saved views, and what it opens. */
export function viewList(context: ViewsContext): readonly [HTMLButtonElement, HTMLElement] {
    const { texts } = context;
    const opener = button({ text: texts.views, picture: 'bookmark' }, () => undefined);
    const popup = popupOf(opener, texts.views, () => viewsContent(context, () => popup.hidePopover()));
    return [opener, popup];
}

function viewsContent(context: ViewsContext, close: () => void): readonly Node[] {
    const { texts, list, keep, show } = context;
    const entries = h('div', { className: 'popup-list', attributes: { 'aria-live': 'polite' } });
    const load = async (asked: Promise<SavedViews>): Promise<void> => {
        try {
            const views = Object.entries(await asked);
            const lines = views.map(([name, view]) => entry(name, view));
            const none = h('p', { className: 'empty' }, texts.noViews);
            entries.replaceChildren(...(lines.length === 0 ? [none] : lines));
        } catch (error) {
            entries.replaceChildren(h('p', { className: 'empty' }, (error as Error).message));
        }
    };
    const entry = (name: string, view: TableView): HTMLElement => {
        const apply = button({ text: name, look: 'link' }, () => {
            close();
            show(view);
        });
        const label = fill(texts.deleteView, name);
        const remove = button({ label, picture: 'trash', look: 'quiet' }, () => void load(keep(name, true)));
        return h('div', { className: 'view-entry' }, apply, remove);
    };
    const name = h('input', {
        className: 'input',
        placeholder: texts.viewName,
        attributes: { 'aria-label': texts.viewName },
    });
    const form = h(
        'form',
        {
            className: 'view-form',
            onsubmit: (event: SubmitEvent) => {
                event.preventDefault();
                const text = name.value.trim();
                if (text === '') return;
                name.value = '';
                void load(keep(text, false));
            },
        },
        name,
        h('button', { type: 'submit', className: 'button primary' }, texts.save),
    );
    void load(list());
    return [form, entries];
}
