// @ts-check
// Programs that are killed at the worst moment: never a second run, nothing acknowledged is lost.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { jsonLines, Project } from '../support/project.mjs';

const long = 600_000;
const putJob = { method: 'PUT', route: '**/jobs/*' };

/**
 * Stages of a submission, each with the fault rules that hold its call back for longer than any
 * test. A rule fires once, so that the next attempt goes through.
 */
const stages = [
    { name: 'looking up the code', rules: [{ method: 'GET', route: '**/codes/**' }] },
    { name: 'asking for a place to upload to', rules: [{ method: 'POST', route: '**/startPendingUpload' }] },
    { name: 'uploading', rules: [{ method: 'PUT', route: '**/train.py' }] },
    { name: 'registering the code', rules: [{ method: 'PUT', route: '**/codes/*/versions/*' }] },
    { name: 'creating the job, which Azure has not seen', rules: [putJob] },
    {
        // Azure creates it, the answer is lost, and the program asks again.
        name: 'creating the job, which Azure has done',
        lost: { ...putJob, stage: 'after', reset: true, times: 1 },
        rules: [putJob],
    },
];

/** @param {typeof stages[number]} stage */
function faults({ lost, rules }) {
    const held = rules.map((rule) => ({ ...rule, delayMs: long, times: 1 }));
    return { rules: lost === undefined ? held : [lost, ...held] };
}

/** @param {Emulator} emulator */
async function jobsInAzure(emulator) {
    const { body } = await emulator.arm('GET', `${emulator.workspaceId}/jobs`);
    return body.value.map((/** @type {{ name: string }} */ { name }) => name);
}

/** The open entries of the submission journal. @param {string} state */
function journal(state) {
    const folder = join(state, 'journal');
    return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
}

after(killWhatRuns);

describe('killed while submitting', () => {
    for (const stage of stages) {
        test(`the terminal, ${stage.name}: one run in the end`, async () => {
            const emulator = await Emulator.start({ faults: faults(stage) });
            const project = new Project(emulator).bind();
            project.script('train.py', 'print("trained")\n');

            const first = project.start(['run', 'train.py']);
            await emulator.heldBack(long);
            await first.kill();

            const second = await project.json(['run', 'train.py', '--follow']);
            assert.equal(second.code, 0, second.stderr);
            assert.deepEqual(await jobsInAzure(emulator), [second.values[0].name]);
            assert.equal(second.values[0].recovered, stage.lost !== undefined);
            assert.deepEqual(journal(join(project.stateFolder, 'aml')), []);
            project.remove();
            await emulator.stop();
        });
    }

    for (const stage of stages.slice(-2)) {
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
            await emulator.heldBack(long);
            await first.program.kill();

            const second = new LanguageClient({ env: project.environment });
            await second.initialize(options);
            await second.request('workspace/executeCommand', submit);
            assert.equal((await jobsInAzure(emulator)).length, 1);
            assert.equal((await second.shutDown()).code, 0);
            assert.deepEqual(journal(project.stateFolder), []);
            project.remove();
            await emulator.stop();
        });
    }
});
