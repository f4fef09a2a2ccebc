import type { RunsColumn, RunsColumnGroup } from '../../src/protocol.gen';
import { button, h } from '../dom';
import { fill } from '../numbers';
import { popupOf } from '../popup';
import { nameColumn } from './columns';
import type { RunsTexts } from './texts';

/** What the columns of a table are chosen with. */
export interface ChooserContext {
    readonly texts: RunsTexts;
    readonly all: () => readonly RunsColumn[];
    /** Ids of those that are shown. */
    readonly shown: () => readonly string[];
    /** Shows these; undefined: those that tell the runs apart. */
    readonly choose: (columns: readonly string[] | undefined) => void;
}

/** As many are listed; a word finds the others. */
const mostListed = 200;

/** The button that opens the list of columns, and the list. */
export function columnChooser(context: ChooserContext): readonly [HTMLButtonElement, HTMLElement] {
    const { texts } = context;
    const opener = button({ text: texts.columns, picture: 'list-selection' }, () => undefined);
    return [opener, popupOf(opener, texts.columns, () => chooserContent(context))];
}

function chooserContent(context: ChooserContext): readonly Node[] {
    const { texts, choose } = context;
    const list = h('div', { className: 'popup-list' });
    const search = h('input', {
        type: 'search',
        className: 'input',
        placeholder: texts.findColumn,
        attributes: { 'aria-label': texts.findColumn },
        oninput: () => {
            show();
        },
    });
    const show = (): void => list.replaceChildren(...columnList(context, search.value));
    const usual = button({ text: texts.usualColumns, look: 'link' }, () => {
        choose(undefined);
        show();
    });
    show();
    return [search, list, usual];
}

function columnList(context: ChooserContext, text: string): readonly Node[] {
    const { texts, all } = context;
    const word = text.trim().toLowerCase();
    const found = all().filter(({ id, title }) => id !== nameColumn && title.toLowerCase().includes(word));
    if (found.length === 0) return [h('p', { className: 'empty' }, texts.noColumn)];
    const groups: readonly (readonly [RunsColumnGroup, string])[] = [
        ['run', texts.run],
        ['metric', texts.metrics],
        ['parameter', texts.parameters],
        ['tag', texts.tags],
    ];
    const listed = found.slice(0, mostListed);
    const parts = groups.flatMap(([group, heading]) => {
        const columns = listed.filter((column) => column.group === group);
        if (columns.length === 0) return [];
        const boxes = columns.map((column) => columnBox(context, column));
        return [h('fieldset', {}, h('legend', {}, heading), ...boxes)];
    });
    const more = found.length - listed.length;
    return more > 0 ? [...parts, h('p', { className: 'empty' }, fill(texts.moreColumns, more))] : parts;
}

function columnBox({ shown, choose }: ChooserContext, { id, title }: RunsColumn): HTMLElement {
    const box = h('input', {
        type: 'checkbox',
        checked: shown().includes(id),
        onchange: () => {
            const others = shown().filter((other) => other !== id);
            choose(box.checked ? [...others, id] : others);
        },
    });
    return h('label', { className: 'choice', title }, box, h('span', {}, title));
}
