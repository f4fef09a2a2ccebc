// @ts-check
// A submission that is given up: it ends at once, at whatever stage, and leaves no second run behind.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { faults, heldMs, jobsInAzure, openSubmissions, stages } from '../support/submit_stages.mjs';

after(killWhatRuns);

const cancelled = -32800;

/** @param {{ message: string }} params */
const isToldOfTheRun = ({ message }) => /had reached Azure before you cancelled/.test(message);

describe('cancelled while submitting', () => {
    for (const stage of stages) {
        test(`in the editor, ${stage.name}`, async () => {
            const emulator = await Emulator.start({ faults: faults(stage) });
            const project = new Project(emulator).bind();
            project.script('train.py', 'print("trained")\n');
            const uri = pathToFileURL(project.path('train.job.json')).href;
            const submit = { command: 'azureml.submit', arguments: [uri] };
            const client = new LanguageClient({ env: project.environment });
            await client.initialize({ stateDirectory: project.stateFolder, auth: 'servicePrincipal' });

            const given = client.start('workspace/executeCommand', submit);
            await emulator.heldBack(heldMs);
            given.cancel();
            await assert.rejects(given.result, { code: cancelled });
            assert.equal((await jobsInAzure(emulator)).length, stage.lost === undefined ? 0 : 1);
            // Nobody is left with a run that they believe to have cancelled.
            if (stage.lost !== undefined)
                await client.notified('window/showMessage', isToldOfTheRun);

            await client.request('workspace/executeCommand', submit);
            assert.equal((await jobsInAzure(emulator)).length, 1);
            assert.equal((await client.shutDown()).code, 0);
            assert.deepEqual(openSubmissions(project.stateFolder), []);
            project.remove();
            await emulator.stop();
        });

        test(`in a terminal, ${stage.name}`, async () => {
            const emulator = await Emulator.start({ faults: faults(stage) });
            const project = new Project(emulator).bind();
            project.script('train.py', 'print("trained")\n');
            const given = project.start(['run', 'train.py']);
            await emulator.heldBack(heldMs);
            const { code, stderr } = await given.kill('SIGINT');
            assert.equal(code, 130, stderr);
            assert.match(stderr, /Stopping/);

            const again = await project.json(['run', 'train.py']);
            assert.equal(again.code, 0, again.stderr);
            assert.deepEqual(await jobsInAzure(emulator), [again.values[0].name]);
            assert.deepEqual(openSubmissions(join(project.stateFolder, 'aml')), []);
            project.remove();
            await emulator.stop();
        });
    }
});
