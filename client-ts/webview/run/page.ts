// The page about one run.
import '../page.css';
import './run.css';
import type { NamedText, RunView } from '../../src/protocol.gen';
import { announce, button, details, h, icon, Part, preformatted } from '../dom';
import { fileSaver } from '../fileSaver';
import { follow } from '../follow';
import { Host, pageStart } from '../host';
import type { PlotsState } from '../plots';
import { Problem } from '../problem';
import { SeriesFeed } from '../seriesFeed';
import { wait } from '../wait';
import type { RunAction, RunQuestions } from './contract';
import { Charts } from './charts';
import { Files } from './files';
import { failureCard, Head, Stages } from './head';
import { Images } from './images';
import { Metrics } from './metrics';
import type { RunTexts } from './texts';

/** What outlives the page. */
interface State extends PlotsState {
    readonly id: string;
    readonly scroll: number;
}

const host = new Host<RunQuestions, RunAction, State>();
const { id, texts } = pageStart<RunTexts>();
const { scroll = 0, ...plotsState } = host.state;
host.keep({ id });

const act = (action: RunAction): void => host.act(action);
const askFile = (path: string, signal: AbortSignal) => host.ask('runs/file', { path }, signal);

const head = new Head(texts, act);
const problem = new Problem(texts, { signIn: () => act({ kind: 'signIn' }), tryAgain: () => restart() });
const failure = failureCard(texts, act);
const stages = new Stages(texts);
const metrics = new Metrics({
    texts,
    feed: new SeriesFeed((params, signal) => host.ask('runs/series', params, signal)),
    rowsOf: (source) => (offset, count, signal) =>
        host.ask('runs/table', { ...source, offset, count }, signal),
    save: fileSaver(host, texts, showProblem),
    state: plotsState,
    keep: (change) => host.keep(change),
});
const charts = new Charts(texts, askFile);
const images = new Images(texts, askFile);
const files = new Files(texts, askFile, act);

const warnings = new Part<readonly string[]>(h('section', {}), (lines) =>
    lines.length === 0
        ? []
        : [
              h('h2', {}, texts.warnings),
              h(
                  'ul',
                  { className: 'plain-list' },
                  ...lines.map((line) =>
                      h('li', { className: 'with-icon' }, icon('warning', 'editorWarning.foreground'), line),
                  ),
              ),
          ],
);
const parameters = namedTexts(texts.parameters);
const tags = namedTexts(texts.tags);
const logs = new Part<readonly string[]>(h('section', {}), (paths) =>
    paths.length === 0
        ? []
        : [
              h('h2', {}, texts.logs),
              h(
                  'ul',
                  { className: 'plain-list files' },
                  ...paths.map((path) =>
                      h(
                          'li',
                          {},
                          button({ text: path, picture: 'output', look: 'link', key: `log ${path}` }, () =>
                              act({ kind: 'showLog', path }),
                          ),
                      ),
                  ),
              ),
          ],
);
const configuration = new Part<string>(h('section', {}), (text) =>
    text === ''
        ? []
        : [
              h('h2', {}, texts.configuration),
              h(
                  'p',
                  { className: 'actions' },
                  button({ text: texts.openDocument, picture: 'json', key: 'configuration' }, () =>
                      act({ kind: 'openConfiguration' }),
                  ),
                  button({ text: texts.compareCode, picture: 'diff', key: 'compare code' }, () =>
                      act({ kind: 'compareCode' }),
                  ),
                  button({ text: texts.restoreCode, picture: 'file-code', key: 'restore code' }, () =>
                      act({ kind: 'restoreCode' }),
                  ),
              ),
              details('JSON', () => preformatted(texts.configuration, text)),
          ],
);

/** A table of names and texts under a heading. */
function namedTexts(heading: string): Part<readonly NamedText[]> {
    return new Part(h('section', {}), (entries) => {
        if (entries.length === 0) return [];
        const titles = h(
            'tr',
            {},
            h('th', { scope: 'col' }, texts.name),
            h('th', { scope: 'col' }, texts.value),
        );
        const lines = entries.map(({ name, text }) =>
            h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, text)),
        );
        const caption = h('caption', { className: 'unseen' }, heading);
        const thead = h('thead', { className: 'unseen' }, titles);
        const table = h('table', { className: 'named' }, caption, thead, h('tbody', {}, ...lines));
        return [h('h2', {}, heading), table];
    });
}

const content = [
    head.element,
    failure.element,
    stages.element,
    warnings.element,
    metrics.element,
    charts.element,
    images.element,
    h('div', { className: 'pair' }, parameters.element, tags.element),
    h('div', { className: 'pair' }, logs.element, files.element),
    configuration.element,
];
const skeleton = h('div', { className: 'skeleton' }, h('h1', { className: 'unseen' }, texts.loading));
for (const size of ['title', 'line', 'line', 'block', 'block'])
    skeleton.append(h('span', { className: size }));
const main = h('main', {}, problem.element, skeleton);
document.body.append(main);

let view: RunView | undefined;
let following = new AbortController();

function show(now: RunView): void {
    const before = view;
    view = now;
    head.update(now);
    failure.show(now.failure ?? null);
    stages.update(now.stages);
    warnings.show(now.warnings);
    metrics.update(now);
    charts.update(now.logged);
    images.update(now.images);
    parameters.show(now.parameters);
    tags.show(now.tags);
    logs.show(now.logs);
    files.update(now.files, now.moreFiles);
    configuration.show(now.configuration);
    showProblem(undefined);
    if (before !== undefined) {
        if (now.failure !== undefined && before.failure === undefined) announce(now.failure.title);
        return;
    }
    main.replaceChildren(problem.element, ...content);
    window.scrollTo(0, scroll);
}

function showProblem(error: Error | undefined): void {
    problem.show(error, view?.problem);
}

/** Follows the run while somebody sees the page. */
function restart(): void {
    following.abort();
    following = new AbortController();
    const isSeen = document.visibilityState === 'visible';
    metrics.setAwake(isSeen);
    if (!isSeen) return;
    const ask = (revision: number | undefined, signal: AbortSignal): Promise<RunView> =>
        host.ask('runs/view', revision === undefined ? {} : { revision }, signal);
    void follow({ ask, show, showProblem, wait }, following.signal);
}

document.addEventListener('visibilitychange', restart);
window.addEventListener('scrollend', () => {
    host.keep({ scroll: window.scrollY });
});
window.setInterval(() => {
    if (document.visibilityState === 'visible') stages.tick(Date.now());
}, 1000);
restart();
