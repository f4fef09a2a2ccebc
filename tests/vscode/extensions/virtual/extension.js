// @ts-check
// A folder that is on no disk: one script.
'use strict';

const vscode = require('vscode');

const script = Buffer.from('print("trained")\n');
const { Directory, File } = vscode.FileType;

const files = {
    onDidChangeFile: new vscode.EventEmitter().event,
    watch: () => ({ dispose() {} }),
    /** @param {import('vscode').Uri} uri */
    stat({ path }) {
        const type = /^(\/|\/project)$/.test(path) ? Directory : File;
        if (type === File && path !== '/project/train.py') throw vscode.FileSystemError.FileNotFound(path);
        return { type, ctime: 0, mtime: 0, size: type === File ? script.length : 0 };
    },
    /** @param {import('vscode').Uri} uri */
    readDirectory: ({ path }) => (path === '/project' ? [['train.py', File]] : []),
    /** @param {import('vscode').Uri} uri */
    readFile({ path }) {
        if (path !== '/project/train.py') throw vscode.FileSystemError.FileNotFound(path);
        return script;
    },
    createDirectory: () => {
        throw vscode.FileSystemError.NoPermissions();
    },
    writeFile: () => {
        throw vscode.FileSystemError.NoPermissions();
    },
    delete: () => {
        throw vscode.FileSystemError.NoPermissions();
    },
    rename: () => {
        throw vscode.FileSystemError.NoPermissions();
    },
};

/** @param {import('vscode').ExtensionContext} context */
exports.activate = (context) => {
    context.subscriptions.push(
        vscode.workspace.registerFileSystemProvider('test-virtual', /** @type {any} */ (files), {
            isReadonly: true,
        }),
    );
};
