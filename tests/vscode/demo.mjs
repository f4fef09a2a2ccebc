// @ts-check
// `npm run demo:vscode`: VS Code in the browser with the packaged extension, the sample, and a local Azure ML.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { Editor } from './editor.mjs';
import { startEmulator } from './emulator.mjs';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'aml-demo-'));
const project = path.join(home, 'mnist-starter');
fs.cpSync(path.join(root, 'tests/fixtures/mnist-starter'), project, { recursive: true });

const emulator = await startEmulator(path.join(home, 'azure'));
const editor = await Editor.start({
    vsix: path.join(root, 'build/azureml-experiments-linux-x64.vsix'),
    home,
    settings: { 'azureml.armEndpoint': emulator.ready['armEndpoint'], 'azureml.auth': 'deviceCode' },
});
console.log(`\nOpen ${editor.address(project)}`);
console.log('Then choose Azure ML in the activity bar and sign in. Ctrl-C ends the demo.\n');

process.once('SIGINT', () => {
    void (async () => {
        await editor.stop();
        await emulator.stop();
        fs.rmSync(home, { recursive: true, force: true });
        process.exit(0);
    })();
});
