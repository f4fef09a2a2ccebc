import { Chart, type Range } from './chart';
import { csvOf } from './csv';
import type { AskRows } from './dataTable';
import type { PageFile } from './messages';
import type { PlotSettings } from './plotControls';
import type { AskWindow, PlottedLine } from './plotLine';
import { plotSvg, pngOf } from './plotSvg';
import { join } from './series';
import type { PlotTexts } from './texts';
import { theme } from './theme';

/** What a plot can be saved as. */
export type PlotFormat = 'png' | 'svg' | 'csv';

/** A plot that is to be saved, and who knows its lines. */
export interface SavedPlot {
    readonly name: string;
    readonly lines: readonly PlottedLine[];
    readonly settings: PlotSettings;
    readonly zoom: Range | undefined;
    readonly ask: (run: string, ...wanted: Parameters<AskWindow>) => ReturnType<AskWindow>;
    readonly rowsOf: (run: string, metric: string) => AskRows;
    readonly texts: PlotTexts;
}

/** Of a picture, in pixels. */
const width = 800;
const height = 420;
/** The rows of one question. */
const mostRows = 1000;

/** A plot as a file: as a picture of what is in view, or with every value that was logged. */
export async function plotFile(plot: SavedPlot, format: PlotFormat): Promise<PageFile> {
    const name = `${fileName(plot.name)}.${format}`;
    if (format === 'csv') return { name, text: await valuesOf(plot) };
    const picture = await pictureOf(plot);
    return format === 'svg' ? { name, text: picture } : { name, base64: await pngOf(picture) };
}

/** The picture, of points that were asked for its size. */
async function pictureOf({ name, lines, settings, zoom, ask, texts }: SavedPlot): Promise<string> {
    const { axis, smoothing, isLogarithmic } = settings;
    const { signal } = new AbortController();
    const range = zoom === undefined ? {} : { from: zoom[0], to: zoom[1] };
    const wanted = { metric: name, axis, width, after: 0, ...range, ...(smoothing > 0 && { smoothing }) };
    const come = await Promise.all(
        lines.map(async (line) => ({
            ...line,
            series: join(undefined, await ask(line.run, wanted, signal)),
        })),
    );
    const shown = come.filter(({ series }) => series.points > 0);
    const chart = new Chart();
    chart.show(shown, { axis, isLogarithmic, isSmoothed: smoothing > 0 }, zoom);
    const drawing = await chart.drawing(width, height);
    const names = shown.map(({ title }) => title).filter((title) => title !== '');
    const kind = theme().kind.startsWith('hc') ? 'hcLight' : 'light';
    return plotSvg(drawing, { title: name, axis: texts[axis], names }, kind);
}

/** Every value of every line; of several lines each begins with its name. */
async function valuesOf({ name, lines, rowsOf, texts }: SavedPlot): Promise<string> {
    const { signal } = new AbortController();
    const all: (readonly string[])[] = [];
    for (const { run, title } of lines) {
        const first = title === '' ? [] : [title];
        for (let offset = 0, total = 1; offset < total;) {
            const part = await rowsOf(run, name)(offset, mostRows, signal);
            if (all.length === 0) all.push([...(title === '' ? [] : [texts.run]), ...part.columns]);
            for (const { cells } of part.rows) all.push([...first, ...cells]);
            ({ total } = part);
            if (part.rows.length === 0) break;
            offset += part.rows.length;
        }
    }
    return csvOf(all);
}

/** A name that every system lets a file have. */
function fileName(name: string): string {
    // eslint-disable-next-line no-control-regex -- these are meant
    return name.replace(/[\\/:*?"<>|\u0000-\u001f]/g, '_').slice(0, 100);
}
