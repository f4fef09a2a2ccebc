// @ts-check
// Programs that are killed at the worst moment of a submission: never a second run, never none.

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

describe('killed while submitting', () => {
    for (const stage of stages) {
        test(`the terminal, ${stage.name}: one run in the end`, async () => {
            const emulator = await Emulator.start({ faults: faults(stage) });
            const project = new Project(emulator).bind();
            project.script('train.py', 'print("trained")\n');

            const first = project.start(['run', 'train.py']);
            await emulator.heldBack(heldMs);
            await first.kill();

            const second = await project.json(['run', 'train.py', '--follow']);
            assert.equal(second.code, 0, second.stderr);
            assert.deepEqual(await jobsInAzure(emulator), [second.values[0].name]);
            assert.equal(second.values[0].recovered, stage.lost !== undefined);
            assert.deepEqual(openSubmissions(join(project.stateFolder, 'aml')), []);
            project.remove();
            await emulator.stop();
        });
    }

    for (const stage of stages) {
        test(`the language server, ${stage.name}: one run in the end`, async () => {
            const emulator = await Emulator.start({ faults: faults(stage) });
            const project = new Project(emulator).bind();
            project.script('train.py', 'print("trained")\n');
            const uri = pathToFileURL(project.path('train.job.json')).href;
            const submit = { command: 'azureml.submit', arguments: [uri] };
            const options = { stateDirectory: project.stateFolder, auth: 'servicePrincipal' };

            const first = new LanguageClient({ env: project.environment });
            await first.initialize(options);
            first.start('workspace/executeCommand', submit);
            await emulator.heldBack(heldMs);
            await first.program.kill();

            const second = new LanguageClient({ env: project.environment });
            await second.initialize(options);
            await second.request('workspace/executeCommand', submit);
            assert.equal((await jobsInAzure(emulator)).length, 1);
            assert.equal((await second.shutDown()).code, 0);
            assert.deepEqual(openSubmissions(project.stateFolder), []);
            project.remove();
            await emulator.stop();
        });
    }
});
