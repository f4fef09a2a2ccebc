// @ts-check
// Hundreds of submissions from several windows at once, through a network and a service where
// everything goes wrong, while windows and service are killed: in the end each submission is exactly
// one run or one clear error, and nobody was told a wrong final state. A PUT whose answer is lost is
// refused when it is sent again (JobPropertyImmutable), under names of the user's own as well.
//
// AML_STORM_SEED chooses a storm, AML_STORM_SUBMISSIONS sets its size.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { killWhatRuns, until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { Session } from './session.mjs';
import { Submission } from './submission.mjs';
import { dice, weather } from './weather.mjs';

// By itself the one that has found a run which was told and not followed.
const seed = Number(process.env['AML_STORM_SEED'] ?? 635391899);
const size = Number(process.env['AML_STORM_SUBMISSIONS'] ?? 520);
const sessionCount = 6;
const atOncePerSession = 4;
/** One window in so many answers is killed while it works. */
const killEvery = 40;
const mostAttempts = 12;

after(killWhatRuns);

/** @param {string} text */
const say = (text) => process.stderr.write(`    ${text}\n`);

/** The error tells that there may be a run all the same. @param {any} error */
const isOpen = (error) => /submit it again, and it will be the same run/.test(error.message);

test(`a storm of ${size} submissions, seed ${seed}`, async () => {
    const began = Date.now();
    say(`storm: AML_STORM_SEED=${seed} AML_STORM_SUBMISSIONS=${size}`);
    const emulator = await Emulator.start({
        faults: weather(seed),
        seed: { workspaces: [{ computes: [{ name: 'cpu-cluster', maxNodeCount: 64 }] }] },
        args: ['--node-start', '0', '--page-size', '500'],
    });
    const states = mkdtempSync(join(tmpdir(), 'aml-storm-'));
    const sessions = await Promise.all(
        Array.from({ length: sessionCount }, async (_, index) => {
            const session = new Session(new Project(emulator).bind(), join(states, `${index}`));
            await session.start();
            return session;
        }),
    );
    const random = dice(seed);
    const work = sessions.map(
        (session, index) =>
            Array.from({ length: Math.ceil((size - index) / sessionCount) }, (_, number) => {
                const roll = random();
                const fate = roll < 0.05 ? 'Canceled' : roll < 0.2 ? 'Failed' : 'Completed';
                return new Submission(session.project, `s${index}-${number}`, fate, number % 3 === 0);
            }),
    );

    const outage = async () => {
        await emulator.kill();
        await emulator.restart();
    };
    let answers = 0;
    const outageAt = Math.floor(size * (0.3 + 0.4 * random()));
    await Promise.all(
        sessions.map((session, index) =>
            drive(session, work[index] ?? [], random, async () => {
                answers += 1;
                if (answers === outageAt) await outage();
            }),
        ),
    );
    const submitted = work.flat();
    const said = { faults: emulator.faults() };

    // The weather clears, and what the storm left open is settled.
    await emulator.kill();
    emulator.withoutFaults();
    await emulator.restart();
    await Promise.all(sessions.map((session) => session.crash()));
    for (const [index, session] of sessions.entries()) {
        for (const submission of work[index] ?? []) {
            if (submission.run === undefined && submission.open > 0) await submitOnce(session, submission, random);
            if (submission.fate === 'Canceled' && submission.run !== undefined)
                assert.ok('run' in (await session.cancel(submission.run.nodeId)), submission.name);
        }
    }
    const azure = await jobsByDisplayName(emulator);
    checkSubmissions(submitted, azure);
    await until(
        async () => (await statuses(emulator)).every(isFinal),
        'every run of the emulator ends',
        300_000,
    );
    const truth = await jobsByDisplayName(emulator);
    for (const session of sessions) {
        await until(
            async () => (await session.runs()).every((/** @type {any} */ run) => run.isFinal),
            'every followed run is final',
            300_000,
        );
    }
    const known = await Promise.all(sessions.map((session) => session.runs()));
    for (const session of sessions) assert.equal(await session.end(), 0);

    const refused = refusedRepeats(emulator);
    report({ began, submitted, sessions, azure, faults: said.faults, refused });
    assert.ok(refused > 0, 'no answer of a job that was made got lost: the storm is too small');
    checkStates(sessions, known, submitted, truth);
    checkJournals(states);

    for (const { project } of sessions) project.remove();
    rmSync(states, { recursive: true, force: true });
    await emulator.stop();
});

/**
 * Submits everything of one window, several at once, and kills the window now and then.
 * @param {Session} session
 * @param {Submission[]} submissions
 * @param {() => number} random
 * @param {() => Promise<void>} onAnswer
 */
async function drive(session, submissions, random, onAnswer) {
    const waiting = [...submissions];
    let killing = Promise.resolve();
    const one = async () => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
            await killing;
            await submitOnce(session, next, random);
            await onAnswer();
            // What nobody knows, and what a crash took, is submitted again, as a user would.
            if (next.run === undefined && next.open > 0 && next.errors.length < mostAttempts)
                waiting.push(next);
            if (random() < 1 / killEvery) killing = killing.then(() => session.crash());
        }
    };
    await Promise.all(Array.from({ length: atOncePerSession }, one));
    await killing;
}

/** @param {Session} session @param {Submission} submission @param {() => number} random */
async function submitOnce(session, submission, random) {
    // A window that was killed meanwhile says what became of it.
    if (submission.open > 0 && session.kills > submission.kills) {
        const patient = random() < 0.5;
        submission.run = await session.recovered(submission.name, { patient });
        const read = submission.run === undefined ? 'of no run' : submission.run.name;
        submission.note(`${patient ? 'waited and' : 'at once'} read ${read} in window ${session.kills}`);
    }
    submission.kills = session.kills;
    if (submission.run !== undefined) return;
    submission.note(`submitted in window ${session.kills}`);
    const outcome = await session.submit(submission);
    if ('run' in outcome) submission.run = outcome.run;
    if ('lost' in outcome) submission.open += 1;
    submission.note(describe(outcome));
    if ('error' in outcome) {
        submission.errors.push(outcome.error);
        if (isOpen(outcome.error)) submission.open += 1;
    }
}

/** @param {Awaited<ReturnType<Session['submit']>>} outcome */
function describe(outcome) {
    if ('lost' in outcome) return 'the window was killed';
    return 'run' in outcome ? `run ${outcome.run?.name}` : `error: ${outcome.error.message}`;
}

/** @param {string} status */
const isFinal = (status) => ['Completed', 'Failed', 'Canceled'].includes(status);

/** @param {Emulator} emulator @returns {Promise<any[]>} */
async function jobs(emulator) {
    /** @type {any[]} */
    const all = [];
    let path = `${emulator.workspaceId}/jobs`;
    for (;;) {
        const { status, body } = await emulator.arm('GET', path);
        assert.equal(status, 200);
        all.push(...body.value);
        if (!body.nextLink) return all;
        const next = new URL(body.nextLink);
        next.searchParams.delete('api-version');
        path = next.pathname + next.search;
    }
}

/** @param {Emulator} emulator @returns {Promise<string[]>} */
async function statuses(emulator) {
    return (await jobs(emulator)).map(({ properties }) => properties.status);
}

/** @param {Emulator} emulator */
async function jobsByDisplayName(emulator) {
    /** @type {Map<string, { name: string, status: string }[]>} */
    const found = new Map();
    for (const { name, properties } of await jobs(emulator)) {
        const known = found.get(properties.displayName) ?? [];
        found.set(properties.displayName, [...known, { name, status: properties.status }]);
    }
    return found;
}

/**
 * @param {Submission[]} submitted
 * @param {Map<string, { name: string, status: string }[]>} truth
 */
function checkSubmissions(submitted, truth) {
    for (const { name, run, errors, refused, open, history } of submitted) {
        const story = history.join('\n');
        const made = truth.get(name) ?? [];
        if (run !== undefined) {
            assert.deepEqual(made.map((job) => job.name), [run.name], `${name} is one run:\n${story}`);
            continue;
        }
        const last = errors.at(-1);
        assert.ok(refused, `${name} was left open ${open} times:\n${story}`);
        assert.deepEqual(made, [], `${name} failed, so there is no run:\n${story}`);
        assert.match(last.message, /^[A-Zh][^\n]+[.]$/, `${name} got a clear error`);
        assert.notEqual(last.data.kind, 'InternalError', last.message);
    }
    const names = new Set(submitted.map(({ name }) => name));
    assert.deepEqual([...truth.keys()].filter((name) => !names.has(name)), []);
}

/**
 * @param {Session[]} sessions
 * @param {any[][]} known what each window knew in the end
 * @param {Submission[]} submitted
 * @param {Map<string, { name: string, status: string }[]>} truth
 */
function checkStates(sessions, known, submitted, truth) {
    const final = new Map([...truth.values()].flat().map(({ name, status }) => [name, status]));
    const seen = new Set();
    for (const run of [...sessions.flatMap(({ snapshots }) => snapshots), ...known.flat()]) {
        if (!run.isFinal) continue;
        assert.equal(run.status, final.get(run.name), `${run.displayName} was told to be ${run.status}`);
        seen.add(run.name);
    }
    for (const { name, fate, run, history } of submitted) {
        if (run === undefined) continue;
        assert.ok(seen.has(run.name), `${name} was followed to its end:\n${history.join('\n')}`);
        assert.equal(final.get(run.name), fate, `${name} ended as its command does`);
    }
}

/** @param {string} states */
function checkJournals(states) {
    const open = readdirSync(states).flatMap((state) => {
        const folder = join(states, state, 'journal');
        return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
    });
    assert.deepEqual(open, [], 'no submission is left open in a journal');
}

/** How often a job was sent that there was already. @param {Emulator} emulator */
function refusedRepeats(emulator) {
    return emulator.exchanges(
        ({ method, status, responseBody }) =>
            method === 'PUT' && status === 400 && JSON.stringify(responseBody).includes('JobPropertyImmutable'),
    ).length;
}

/** @param {{ began: number, submitted: Submission[], sessions: Session[], azure: Map<string, unknown[]>, faults: Map<string, number>, refused: number }} storm */
function report({ began, submitted, sessions, azure, faults, refused }) {
    const runs = submitted.filter(({ run }) => run !== undefined).length;
    const total = [...faults.values()].reduce((sum, count) => sum + count, 0);
    const sum = (/** @type {(session: Session) => number} */ of) => sessions.reduce((all, one) => all + of(one), 0);
    const again = submitted.reduce((all, { open }) => all + open, 0);
    const kinds = [...faults].sort().map(([kind, count]) => `${kind} ${count}`);
    say(`storm: ${submitted.length} submissions from ${sessions.length} windows, seed ${seed}`);
    say(`storm: ${total} faults: ${kinds.join(', ')}; clock 7 min ahead`);
    say(`storm: ${sum(({ kills }) => kills)} windows and 2 services killed, ${again} outcomes left open and settled`);
    say(`storm: ${refused} repeats refused because the job was there`);
    say(`storm: ${azure.size} runs made, ${runs} told, ${submitted.length - runs} clear errors`);
    say(`storm: ${sum(({ retries }) => retries)} requests repeated, ${Math.round((Date.now() - began) / 1000)} s`);
}
