// @ts-check
// The stages of a submission, and how to stop time in each of them.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** How long a stage is held back: longer than any test. */
export const heldMs = 600_000;
const putJob = { method: 'PUT', route: '**/jobs/*' };

/**
 * Stages of a submission, each with the fault rules that hold its call back for longer than any
 * test. A rule fires once, so that the next attempt goes through.
 */
export const stages = [
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

/** The fault rules of a stage. @param {typeof stages[number]} stage */
export function faults({ lost, rules }) {
    const held = rules.map((rule) => ({ ...rule, delayMs: heldMs, times: 1 }));
    return { rules: lost === undefined ? held : [lost, ...held] };
}

/** The names of all jobs. @param {import('./emulator.mjs').Emulator} emulator */
export async function jobsInAzure(emulator) {
    const { body } = await emulator.arm('GET', `${emulator.workspaceId}/jobs`);
    return body.value.map((/** @type {{ name: string }} */ { name }) => name);
}

/** The open entries of the submission journal. @param {string} state */
export function openSubmissions(state) {
    const folder = join(state, 'journal');
    return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
}
