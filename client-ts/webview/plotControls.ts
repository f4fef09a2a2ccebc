import type { SeriesAxis } from '../src/protocol.gen';
import { h } from './dom';
import type { PlotTexts } from './texts';

/** What is chosen for all plots. */
export interface PlotSettings {
    readonly axis: SeriesAxis;
    /** Weight of what went before; 0: not smoothed. */
    readonly smoothing: number;
    readonly isLogarithmic: boolean;
}

/** Where all plots are chosen what lies to the right, how smooth they are, and their scale. */
export function plotControls(
    texts: PlotTexts,
    settings: PlotSettings,
    changed: (change: Partial<PlotSettings>) => void,
): readonly Node[] {
    const choices: readonly (readonly [SeriesAxis, string])[] = [
        ['step', texts.step],
        ['time', texts.time],
        ['elapsed', texts.elapsed],
    ];
    const axis = h(
        'select',
        {
            className: 'input',
            onchange: () => {
                changed({ axis: axis.value as SeriesAxis });
            },
        },
        ...choices.map(([value, text]) => h('option', { value }, text)),
    );
    axis.value = settings.axis;
    const weight = h('output', {});
    const smoothing = h('input', {
        type: 'range',
        min: '0',
        max: '0.99',
        step: '0.01',
        value: String(settings.smoothing),
        oninput: () => {
            showWeight();
        },
        onchange: () => {
            changed({ smoothing: Number(smoothing.value) });
        },
    });
    const showWeight = (): void => {
        weight.value = Number(smoothing.value) === 0 ? texts.off : smoothing.value;
        smoothing.setAttribute('aria-valuetext', weight.value);
    };
    showWeight();
    const logarithmic = h('input', {
        type: 'checkbox',
        checked: settings.isLogarithmic,
        onchange: () => {
            changed({ isLogarithmic: logarithmic.checked });
        },
    });
    return [
        h('label', { className: 'control' }, texts.axis, axis),
        h('label', { className: 'control' }, texts.smoothing, smoothing, weight),
        h('label', { className: 'control' }, logarithmic, texts.logarithmic),
    ];
}
