import { l10n } from 'vscode';
import type { RunsTexts } from '../../webview/runs/texts';
import { plotTexts } from './plotTexts';

/** The texts of the page with a table of runs, in the user's language; the page fills in what `{0}` stands for. */
export function runsTexts(): RunsTexts {
    return {
        ...plotTexts(),
        runs: l10n.t('Runs'),
        someRuns: l10n.t('{0} of {1} runs'),
        allRuns: l10n.t('{0} runs'),
        oneRun: l10n.t('1 run'),
        noRuns: l10n.t('No runs yet.'),
        noRunMatches: l10n.t('No run matches the filter.'),
        filter: l10n.t('Filter'),
        filterExample: l10n.t('Filter, such as accuracy > 0.9 and status = Failed'),
        columns: l10n.t('Columns'),
        findColumn: l10n.t('Find a column'),
        noColumn: l10n.t('No column has this in its name.'),
        moreColumns: l10n.t('and {0} more'),
        usualColumns: l10n.t('Show what tells the runs apart'),
        parameters: l10n.t('Parameters'),
        tags: l10n.t('Tags'),
        views: l10n.t('Views'),
        viewName: l10n.t('Name of this view'),
        save: l10n.t('Save'),
        noViews: l10n.t('No view is saved yet.'),
        deleteView: l10n.t('Delete {0}'),
        copyCsv: l10n.t('Copy as CSV'),
        copied: l10n.t('Runs copied: {0}'),
        baseline: l10n.t('Baseline'),
        comparedWith: l10n.t('Compared with {0}'),
        clearBaseline: l10n.t('Compare with Nothing'),
        useAsBaseline: l10n.t('Use as Baseline'),
        gridKeys: l10n.t(
            'Arrow keys go from cell to cell, Space selects a run for the plots, Enter opens it, B compares the others with it, Shift+F10 offers more. On a heading, Enter sorts, Shift+Enter adds to the order, Shift with an arrow key changes the width.',
        ),
        cellMenu: l10n.t('Run and cell'),
        open: l10n.t('Open'),
        select: l10n.t('Select'),
        deselect: l10n.t('Deselect'),
        filterBy: l10n.t('Filter: {0}'),
        copyValue: l10n.t('Copy Value'),
        selected: l10n.t('Selected: {0}'),
        clearSelection: l10n.t('Deselect All'),
        compare: l10n.t('Compare'),
        plotsHeight: l10n.t('Height of the plots'),
        noPlots: l10n.t('The selected runs logged no metrics.'),
    };
}
