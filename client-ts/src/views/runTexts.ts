import { l10n } from 'vscode';
import type { RunTexts } from '../../webview/run/texts';
import { plotTexts } from './plotTexts';

/** The texts of the page about a run, in the user's language; the page fills in what `{0}` stands for. */
export function runTexts(): RunTexts {
    return {
        ...plotTexts(),
        showLog: l10n.t('Show Log'),
        openInPortal: l10n.t('Open in Portal'),
        cancelRun: l10n.t('Cancel Run'),
        repeatRun: l10n.t('Repeat Last Run'),
        showInTree: l10n.t('Show in Tree'),
        stages: l10n.t('Stages'),
        usually: l10n.t('usually {0}'),
        traceback: l10n.t('Traceback'),
        line: l10n.t('{0}, line {1}'),
        inFunction: l10n.t('in {0}'),
        wholeText: l10n.t('Show everything'),
        warnings: l10n.t('Warnings'),
        noMetrics: l10n.t('No metrics yet.'),
        noMetricsEver: l10n.t('This run logged no metrics.'),
        tables: l10n.t('Tables'),
        charts: l10n.t('Charts'),
        asTable: l10n.t('As a table'),
        spread: l10n.t('Spread'),
        noChart: l10n.t('This file is no chart that can be shown here.'),
        images: l10n.t('Images'),
        previousImage: l10n.t('Previous image'),
        nextImage: l10n.t('Next image'),
        noPicture: l10n.t('This file is no image that can be shown here.'),
        otherMetrics: l10n.t('Other metrics'),
        parameters: l10n.t('Parameters'),
        tags: l10n.t('Tags'),
        name: l10n.t('Name'),
        value: l10n.t('Value'),
        logs: l10n.t('Logs'),
        files: l10n.t('Files'),
        showAll: l10n.t('Show all {0} files'),
        moreFiles: l10n.t('and {0} more'),
        notShown: l10n.t('This file ({0}) cannot be shown here.'),
        cutOff: l10n.t('Only the beginning of this file ({0}) is shown.'),
        configuration: l10n.t('Configuration'),
        openDocument: l10n.t('Open as Document'),
    };
}
