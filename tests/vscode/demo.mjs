// @ts-check
// `npm run demo:vscode`: VS Code in the browser with the packaged extension, the sample, and a local Azure ML.

import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { Emulator } from '../support/emulator.mjs';
import { chooseEnvironments } from '../support/environments.mjs';
import { root } from '../support/processes.mjs';
import { Editor } from './editor.mjs';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'aml-demo-'));
const project = path.join(home, 'mnist-starter');
fs.cpSync(path.join(root, 'tests/fixtures/mnist-starter'), project, { recursive: true });

const emulator = await Emulator.start({
    environments: chooseEnvironments(),
    seed: {},
    // As long as a real node takes at least, so that every status can be seen.
    args: ['--node-start', '8000'],
});
const editor = await Editor.start({
    home,
    settings: { 'azureml.armEndpoint': emulator.ready.armEndpoint, 'azureml.auth': 'deviceCode' },
});
process.stdout.write(
    `\nOpen ${editor.address(project)}\n\n` +
        '1. Choose Azure ML in the activity bar and sign in: press Copy code and open page, and paste the code.\n' +
        '2. In the explorer, right-click train_universal.py: Azure ML: Run as experiment in Azure.\n' +
        '3. Press Submit Experiment above the run configuration, and watch the run.\n' +
        '4. Change the script and right-click it again: Azure ML: Repeat last run.\n\n' +
        'Ctrl-C ends the demo.\n',
);

await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await editor.stop();
await emulator.stop();
// VS Code's own children may still write for a moment.
fs.rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
process.exit(0);
