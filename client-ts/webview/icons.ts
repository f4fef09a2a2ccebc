// The codicons that pages show, as texts of SVG.
import arrowDown from '@vscode/codicons/src/icons/arrow-down.svg';
import arrowUp from '@vscode/codicons/src/icons/arrow-up.svg';
import bookmark from '@vscode/codicons/src/icons/bookmark.svg';
import check from '@vscode/codicons/src/icons/check.svg';
import chevronLeft from '@vscode/codicons/src/icons/chevron-left.svg';
import chevronRight from '@vscode/codicons/src/icons/chevron-right.svg';
import circleLarge from '@vscode/codicons/src/icons/circle-large.svg';
import circleSlash from '@vscode/codicons/src/icons/circle-slash.svg';
import clearAll from '@vscode/codicons/src/icons/clear-all.svg';
import close from '@vscode/codicons/src/icons/close.svg';
import cloudDownload from '@vscode/codicons/src/icons/cloud-download.svg';
import copy from '@vscode/codicons/src/icons/copy.svg';
import debugPause from '@vscode/codicons/src/icons/debug-pause.svg';
import debugRerun from '@vscode/codicons/src/icons/debug-rerun.svg';
import diff from '@vscode/codicons/src/icons/diff.svg';
import diffMultiple from '@vscode/codicons/src/icons/diff-multiple.svg';
import edit from '@vscode/codicons/src/icons/edit.svg';
import error from '@vscode/codicons/src/icons/error.svg';
import file from '@vscode/codicons/src/icons/file.svg';
import fileCode from '@vscode/codicons/src/icons/file-code.svg';
import graphLine from '@vscode/codicons/src/icons/graph-line.svg';
import clock from '@vscode/codicons/src/icons/history.svg';
import json from '@vscode/codicons/src/icons/json.svg';
import linkExternal from '@vscode/codicons/src/icons/link-external.svg';
import listSelection from '@vscode/codicons/src/icons/list-selection.svg';
import listTree from '@vscode/codicons/src/icons/list-tree.svg';
import output from '@vscode/codicons/src/icons/output.svg';
import packageIcon from '@vscode/codicons/src/icons/package.svg';
import passFilled from '@vscode/codicons/src/icons/pass-filled.svg';
import pinned from '@vscode/codicons/src/icons/pinned.svg';
import question from '@vscode/codicons/src/icons/question.svg';
import save from '@vscode/codicons/src/icons/save.svg';
import screenFull from '@vscode/codicons/src/icons/screen-full.svg';
import screenNormal from '@vscode/codicons/src/icons/screen-normal.svg';
import starEmpty from '@vscode/codicons/src/icons/star-empty.svg';
import starFull from '@vscode/codicons/src/icons/star-full.svg';
import stopCircle from '@vscode/codicons/src/icons/stop-circle.svg';
import symbolMisc from '@vscode/codicons/src/icons/symbol-misc.svg';
import sync from '@vscode/codicons/src/icons/sync.svg';
import table from '@vscode/codicons/src/icons/table.svg';
import trash from '@vscode/codicons/src/icons/trash.svg';
import warning from '@vscode/codicons/src/icons/warning.svg';

/** SVG by the codicon's name. */
export const icons: Readonly<Record<string, string>> = {
    'arrow-down': arrowDown,
    'arrow-up': arrowUp,
    bookmark,
    check,
    'chevron-left': chevronLeft,
    'chevron-right': chevronRight,
    'circle-large': circleLarge,
    'circle-slash': circleSlash,
    'clear-all': clearAll,
    clock,
    close,
    'cloud-download': cloudDownload,
    copy,
    'debug-pause': debugPause,
    'debug-rerun': debugRerun,
    diff,
    'diff-multiple': diffMultiple,
    edit,
    error,
    file,
    'file-code': fileCode,
    'graph-line': graphLine,
    json,
    'link-external': linkExternal,
    'list-selection': listSelection,
    'list-tree': listTree,
    output,
    package: packageIcon,
    'pass-filled': passFilled,
    pinned,
    question,
    save,
    'screen-full': screenFull,
    'screen-normal': screenNormal,
    'star-empty': starEmpty,
    'star-full': starFull,
    'stop-circle': stopCircle,
    'symbol-misc': symbolMisc,
    sync,
    table,
    trash,
    warning,
};

/** The picture of a codicon, which may have a modifier such as `~spin`; a circle for one that is not here. */
export function iconText(name: string): string {
    return icons[name.replace(/~.*$/, '')] ?? circleLarge;
}
