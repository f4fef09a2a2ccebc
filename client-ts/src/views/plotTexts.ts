import { l10n } from 'vscode';
import type { PlotTexts, ProblemTexts } from '../../webview/texts';

/** The texts that every page with plots has, in the user's language. */
export function plotTexts(): PlotTexts & ProblemTexts {
    return {
        metrics: l10n.t('Metrics'),
        filterMetrics: l10n.t('Filter metrics'),
        noMatch: l10n.t('No metric has this in its name.'),
        axis: l10n.t('Horizontal axis'),
        step: l10n.t('Step'),
        time: l10n.t('Time'),
        elapsed: l10n.t('Elapsed time'),
        smoothing: l10n.t('Smoothing'),
        off: l10n.t('Off'),
        logarithmic: l10n.t('Logarithmic scale'),
        drawn: l10n.t('{0} of {1} points drawn'),
        points: l10n.t('{0} points'),
        onePoint: l10n.t('1 point'),
        notLogarithmic: l10n.t('Values of 0 and below have no place on a logarithmic scale.'),
        linesLabel: l10n.t('{0} of {1}; points: {2}'),
        chartLabel: l10n.t('{0}: last value {1}, points: {2}'),
        chartKeys: l10n.t(
            'Arrow keys go from point to point, Home and End to the first and the last, plus and minus change the zoom, Enter makes the plot large, Escape goes back.',
        ),
        enlarge: l10n.t('Enlarge'),
        makeSmall: l10n.t('Make small'),
        resetZoom: l10n.t('Reset zoom'),
        atStep: l10n.t('Step {0}: {1}'),
        atTime: l10n.t('{0}: {1}'),
        afterTime: l10n.t('After {0}: {1}'),
        values: l10n.t('Values'),
        stepNumber: l10n.t('Step {0}'),
        rows: l10n.t('Rows {0} to {1} of {2}'),
        noRows: l10n.t('No rows.'),
        firstPage: l10n.t('First page'),
        previousPage: l10n.t('Previous page'),
        nextPage: l10n.t('Next page'),
        lastPage: l10n.t('Last page'),
        loading: l10n.t('Loading…'),
        tryAgain: l10n.t('Try Again'),
        signIn: l10n.t('Sign In'),
    };
}
