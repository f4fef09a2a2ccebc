// @ts-check
// Runs that are followed while what follows them, or what is followed, dies and comes back.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { jsonLines, Project } from '../support/project.mjs';

after(killWhatRuns);

// Prints, waits for the file it is given, prints again, and leaves an output.
const gated = `
import pathlib, sys, time

print("before", flush=True)
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.05)
print("after", flush=True)
pathlib.Path("outputs/model.txt").write_text("trained")
`;

/** A project whose script goes on when `open` is called. @param {Emulator} emulator */
function gatedProject(emulator) {
    const project = new Project(emulator).bind();
    const gate = join(project.base, 'gate');
    project.script('train.py', gated, { command: `python train.py ${gate}` });
    return { project, open: () => writeFileSync(gate, '') };
}

/** @param {Project} project */
async function startClient(project) {
    const client = new LanguageClient({ env: project.environment });
    await client.initialize({ stateDirectory: project.stateFolder, auth: 'servicePrincipal' });
    return client;
}

/** The next news of a run that fits. @param {LanguageClient} client @param {(run: any) => boolean} fits */
async function news(client, fits) {
    const { runs } = await client.notified('runs/didChange', (change) => change.runs.some(fits));
    return runs.find(fits);
}

/** @param {Emulator} emulator @param {string} name */
async function jobInAzure(emulator, name) {
    const { body } = await emulator.arm('GET', `${emulator.workspaceId}/jobs`);
    assert.deepEqual(
        body.value.map((/** @type {any} */ job) => job.name),
        [name],
    );
    return body.value[0];
}

test('the terminal goes on following when Azure dies under it and comes back', async () => {
    const emulator = await Emulator.start({ args: ['--node-start', '50'] });
    const { project, open } = gatedProject(emulator);
    const followed = project.start(['run', 'train.py', '--follow', '--json']);
    await followed.output(/"text":"[^"]*before/);
    const { name } = jsonLines(followed.stdout)[0];

    await emulator.kill();
    await followed.output(/Still trying/, 'stderr');
    await emulator.restart();
    open();

    const { code, stdout, stderr } = await followed.ended;
    assert.equal(code, 0, stderr);
    const values = jsonLines(stdout);
    const log = values.filter(({ event }) => event === 'log').map(({ text }) => text);
    assert.equal(log.join(''), 'before\nafter\n');
    const finished = values.at(-1);
    assert.equal(finished.status, 'Completed');
    assert.deepEqual(finished.outputs, ['outputs/model.txt']);
    const job = await jobInAzure(emulator, name);
    assert.equal(job.properties.displayName, 'train');
    project.remove();
    await emulator.stop();
});

test('the language server says that it cannot read the state, and goes on when it can', async () => {
    const emulator = await Emulator.start({ args: ['--node-start', '50'] });
    const { project, open } = gatedProject(emulator);
    const client = await startClient(project);
    const uri = pathToFileURL(project.path('train.job.json')).href;
    const run = await client.request('workspace/executeCommand', {
        command: 'azureml.submit',
        arguments: [uri],
    });
    const isIt = (/** @type {any} */ other) => other.id === run.id;
    await news(client, (other) => isIt(other) && other.status === 'Running');

    await emulator.kill();
    const troubled = await news(client, (other) => isIt(other) && other.message !== undefined);
    assert.equal(troubled.status, 'Running', 'what was known stays');
    await emulator.restart();
    open();
    const last = await news(client, (other) => isIt(other) && other.isFinal);
    assert.equal(last.status, 'Completed');
    assert.equal(last.message, undefined);
    await jobInAzure(emulator, run.name);
    assert.equal((await client.shutDown()).code, 0);
    project.remove();
    await emulator.stop();
});

test('a run is followed to its end by the next session when the server was killed', async () => {
    const emulator = await Emulator.start({ args: ['--node-start', '50'] });
    const { project, open } = gatedProject(emulator);
    const first = await startClient(project);
    const uri = pathToFileURL(project.path('train.job.json')).href;
    const run = await first.request('workspace/executeCommand', {
        command: 'azureml.submit',
        arguments: [uri],
    });
    const isIt = (/** @type {any} */ other) => other.id === run.id;
    await news(first, (other) => isIt(other) && other.status === 'Running');
    await first.program.kill();

    const second = await startClient(project);
    open();
    const last = await news(second, (other) => isIt(other) && other.isFinal);
    assert.equal(last.status, 'Completed');
    const log = await second.request('runs/log', { id: run.id, offset: 0, wait: true });
    assert.equal(log.text, 'before\nafter\n');
    await second.notified('runs/didChangeRepeatable', ({ scripts }) =>
        scripts.includes(pathToFileURL(project.path('train.py')).href),
    );
    await jobInAzure(emulator, run.name);
    assert.equal((await second.shutDown()).code, 0);
    project.remove();
    await emulator.stop();
});
