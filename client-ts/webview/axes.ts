import type uPlot from 'uplot';
import type { SeriesAxis } from '../src/protocol.gen';
import { stopwatch, valueText } from './numbers';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Distances between the marks of an axis of elapsed time, in seconds. */
const elapsedSteps = [
    ...[0.001, 0.01, 0.1, 1, 2, 5, 10, 15, 30],
    ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute),
    ...[1, 2, 3, 6, 12].map((hours) => hours * hour),
    ...[1, 2, 7, 14, 30, 90, 365].map((days) => days * day),
];

/** The marks of the horizontal axis and their texts. */
export function horizontalAxis(axis: SeriesAxis, language: string): uPlot.Axis {
    if (axis === 'elapsed')
        return { incrs: elapsedSteps, values: texts((mark) => (mark < 0 ? '' : elapsedText(mark))) };
    if (axis === 'time') {
        return {
            values: (_, marks, __, ___, distance) => marks.map((mark) => timeText(mark, distance, language)),
        };
    }
    const number = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 2 });
    return { values: texts((mark) => (mark < 10_000 ? valueText(mark) : number.format(mark))) };
}

/** The texts beside the vertical axis. */
export const verticalTexts = texts((mark) => String(Number(mark.toPrecision(4))));

/** Where a point lies on the axis, in full. */
export function placeText(place: number, axis: SeriesAxis, language: string): string {
    if (axis === 'elapsed') return elapsedText(place);
    if (axis === 'step') return valueText(place);
    const options = { dateStyle: 'medium', timeStyle: 'medium' } as const;
    return new Intl.DateTimeFormat(language, options).format(place * 1000);
}

function elapsedText(seconds: number): string {
    return Number.isInteger(seconds)
        ? stopwatch(seconds * 1000)
        : `${stopwatch(seconds * 1000)}${fraction(seconds)}`;
}

function fraction(seconds: number): string {
    return (seconds % 1).toFixed(3).slice(1).replace(/0+$/, '');
}

function timeText(mark: number, distance: number, language: string): string {
    const options: Intl.DateTimeFormatOptions =
        distance >= day
            ? { month: 'short', day: 'numeric' }
            : { hour: '2-digit', minute: '2-digit', ...(distance < minute && { second: '2-digit' }) };
    return new Intl.DateTimeFormat(language, { ...options, hourCycle: 'h23' }).format(mark * 1000);
}

/** A logarithmic axis has marks without texts, which are null. */
function texts(text: (mark: number) => string): uPlot.Axis.DynamicValues {
    return (_, marks: readonly (number | null)[]) => marks.map((mark) => (mark === null ? '' : text(mark)));
}
