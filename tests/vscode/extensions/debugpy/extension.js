// In the place of the extension Python Debugger, which is in no package registry that the tests may use: it starts
// debugpy's own adapter as that one does.

const vscode = require('vscode');

exports.activate = (context) => {
    const createDebugAdapterDescriptor = () =>
        new vscode.DebugAdapterExecutable(process.env.TEST_DEBUGPY_PYTHON, ['-m', 'debugpy.adapter']);
    context.subscriptions.push(
        vscode.debug.registerDebugAdapterDescriptorFactory('debugpy', { createDebugAdapterDescriptor }),
    );
};
