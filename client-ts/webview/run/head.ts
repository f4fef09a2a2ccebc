import type { RunFailure, RunStage, RunView } from '../../src/protocol.gen';
import { button, details, h, icon, Part, preformatted, type ButtonLook } from '../dom';
import { fill, stopwatch } from '../numbers';
import type { RunAction } from './contract';
import type { RunTexts } from './texts';

type Act = (action: RunAction) => void;

/** The head of the page: what the run is called, how it is, what can be done with it. */
export class Head {
    readonly element = h('header', {});
    readonly #title: Part<Pick<RunView, 'title' | 'statusText' | 'statusIcon' | 'statusColor'>>;
    readonly #place = h('p', { className: 'dim' });
    readonly #facts: Part<RunView['facts']>;
    readonly #actions: readonly {
        readonly element: HTMLElement;
        readonly isFor: (view: RunView) => boolean;
    }[];

    constructor(texts: RunTexts, act: Act) {
        this.#title = new Part(h('div', { className: 'title' }), (view) => [
            h('h1', {}, view.title),
            h('span', { className: 'status' }, icon(view.statusIcon, view.statusColor), view.statusText),
        ]);
        this.#facts = new Part(h('dl', { className: 'facts' }), (facts) =>
            facts.map(({ name, text }) => h('div', {}, h('dt', {}, name), h('dd', {}, text))),
        );
        const action = (
            look: ButtonLook,
            kind: RunAction,
            isFor: (view: RunView) => boolean = () => true,
        ) => ({
            element: button(look, () => act(kind)),
            isFor,
        });
        this.#actions = [
            action({ text: texts.showLog, picture: 'output', look: 'primary' }, { kind: 'showLog' }),
            action(
                { text: texts.cancelRun, picture: 'stop-circle' },
                { kind: 'cancel' },
                ({ isFinal }) => !isFinal,
            ),
            action(
                { text: texts.repeatRun, picture: 'debug-rerun' },
                { kind: 'repeat' },
                ({ script }) => script !== undefined,
            ),
            action(
                { text: texts.repeatWithChanges, picture: 'edit' },
                { kind: 'repeatWithChanges' },
                ({ configuration }) => configuration !== '',
            ),
            action(
                { text: texts.openInPortal, picture: 'link-external' },
                { kind: 'openInPortal' },
                ({ portalUrl }) => portalUrl !== undefined,
            ),
            action({ text: texts.showInTree, picture: 'list-tree' }, { kind: 'reveal' }),
        ];
        const buttons = this.#actions.map(({ element }) => element);
        this.element.append(
            this.#title.element,
            this.#place,
            this.#facts.element,
            h('div', { className: 'actions' }, ...buttons),
        );
    }

    update(view: RunView): void {
        const { title, statusText, statusIcon, statusColor } = view;
        this.#title.show({
            title,
            statusText,
            statusIcon,
            ...(statusColor !== undefined && { statusColor }),
        });
        const place = [view.experiment, view.workspace, view.name].filter((part) => part !== '');
        this.#place.textContent = place.join(' · ');
        this.#facts.show(view.facts);
        for (const { element, isFor } of this.#actions) element.hidden = !isFor(view);
    }
}

/** Why the run failed. */
export function failureCard(texts: RunTexts, act: Act): Part<RunFailure | null> {
    return new Part(h('section', { className: 'failure' }), (failure) => {
        if (failure === null) return [];
        const { title, text, advice, frames, log } = failure;
        const lines = frames.map(({ path, line, function: name, code, uri }) => {
            const place = fill(texts.line, uri === undefined ? path : sharedEnd(path, uri), line);
            const link = { text: place, look: 'link', key: `frame ${place}` } as const;
            return h(
                'li',
                {},
                uri === undefined
                    ? h('span', { className: 'place' }, place)
                    : titled(
                          path,
                          button(link, () => act({ kind: 'openSource', uri, line })),
                      ),
                name === '' ? undefined : h('span', { className: 'dim' }, ` ${fill(texts.inFunction, name)}`),
                code === '' ? undefined : h('code', {}, code),
            );
        });
        const show = { text: texts.showLog, picture: 'output', key: 'failure log' };
        return [
            h('h2', {}, icon('error', 'charts.red'), title),
            ...(advice === undefined ? [] : [h('p', { className: 'advice' }, advice)]),
            ...(lines.length === 0
                ? []
                : [
                      h(
                          'ol',
                          { className: 'frames', attributes: { 'aria-label': texts.traceback } },
                          ...lines,
                      ),
                  ]),
            ...(text === '' ? [] : [details(texts.wholeText, () => preformatted(texts.wholeText, text))]),
            ...(log === undefined
                ? []
                : [
                      h(
                          'p',
                          {},
                          button(show, () => act({ kind: 'showLog', path: log })),
                      ),
                  ]),
        ];
    });
}

/** The folders and the name that a file has here as it had them where the run was. */
function sharedEnd(path: string, uri: string): string {
    const there = path.split(/[\\/]/).reverse();
    const here = decodeURIComponent(new URL(uri).pathname).split('/').reverse();
    const differs = there.findIndex((part, index) => part !== here[index]);
    const shared = there.slice(0, differs === -1 ? there.length : differs);
    return shared.length === 0 ? path : shared.reverse().join('/');
}

/** With the whole path to be read where the mouse rests. */
function titled(path: string, element: HTMLElement): HTMLElement {
    element.title = path;
    return element;
}

/** What the run went through, with a stopwatch on what it is at. */
export class Stages {
    readonly #part: Part<readonly RunStage[]>;
    #watches: { readonly element: HTMLElement; readonly since: number }[] = [];

    constructor(texts: RunTexts) {
        this.#part = new Part(h('section', {}), (stages) => this.#make(stages, texts));
    }

    get element(): HTMLElement {
        return this.#part.element;
    }

    update(stages: readonly RunStage[]): void {
        this.#part.show(stages);
    }

    /** Moves the stopwatches on. */
    tick(now: number): void {
        for (const { element, since } of this.#watches) element.textContent = stopwatch(now - since);
    }

    #make(stages: readonly RunStage[], texts: RunTexts): readonly Node[] {
        this.#watches = [];
        if (stages.length === 0) return [];
        const steps = stages.map((stage) => {
            const { name, state, startedAt, duration = '', usual, text } = stage;
            const time = h('span', { className: 'stage-time' }, duration);
            if (state === 'active' && startedAt !== undefined)
                this.#watches.push({ element: time, since: Date.parse(startedAt) });
            const step = h(
                'li',
                { className: `stage ${state}` },
                h('span', { className: 'stage-name' }, icon(stageIcons[state], stageColors[state]), name),
                time,
                usual === undefined ? undefined : h('span', { className: 'dim' }, fill(texts.usually, usual)),
                text === undefined ? undefined : h('span', { className: 'stage-text' }, text),
            );
            if (state === 'active') step.setAttribute('aria-current', 'step');
            return step;
        });
        this.tick(Date.now());
        return [h('h2', {}, texts.stages), h('ol', { className: 'stages' }, ...steps)];
    }
}

const stageIcons = {
    ahead: 'circle-large',
    active: 'sync~spin',
    done: 'pass-filled',
    failed: 'error',
} as const;
const stageColors = {
    ahead: 'descriptionForeground',
    active: 'charts.blue',
    done: 'charts.green',
    failed: 'charts.red',
} as const;
