// @ts-check
// `npm run demo`: the main flow, for real. Trains the sample as an experiment on a local Azure ML,
// changes and repeats it, then repeats it unchanged and shows that this took one call.

import { Emulator } from '../support/emulator.mjs';
import { chooseEnvironments } from '../support/environments.mjs';
import { Project } from '../support/project.mjs';

const colours = process.stdout.isTTY === true && !process.env['NO_COLOR'];

/** @param {string} text */
function heading(text) {
    process.stdout.write(colours ? `\n\u001b[1m── ${text}\u001b[0m\n` : `\n── ${text}\n`);
}

/**
 * @param {unknown} truth
 * @param {string} what
 */
function expect(truth, what) {
    if (!truth) throw new Error(`The demo did not go as it should. Expected: ${what}`);
    process.stdout.write(`✔ ${what}\n`);
}

/**
 * Runs `aml` with its output shown as it comes.
 * @param {Project} project
 * @param {readonly string[]} args
 */
async function aml(project, args) {
    process.stdout.write(`$ aml ${args.join(' ')}\n`);
    const program = project.start(args);
    program.child.stdin.end();
    program.child.stdout.on('data', (text) => process.stdout.write(text));
    program.child.stderr.on('data', (text) => process.stderr.write(text));
    const ended = await program.ended;
    const name = ended.stdout.match(/: run (\S+)/)?.[1] ?? '';
    return { ...ended, name };
}

/**
 * Whether the texts stand in `output` in this order.
 * @param {string} output
 * @param {readonly string[]} texts
 */
function inOrder(output, texts) {
    let at = 0;
    return texts.every((text) => {
        at = output.indexOf(text, at);
        return at++ >= 0;
    });
}

/**
 * The calls that a command made to Azure until its run existed, without signing in.
 * @param {Emulator} emulator
 * @param {number} before how many exchanges there were
 */
function callsUntilCreated(emulator, before) {
    const exchanges = emulator.exchanges().slice(before);
    const created = exchanges.findIndex(
        ({ method, url }) => method === 'PUT' && /\/jobs\/[^/?]+\?/i.test(url),
    );
    const isSignIn = (/** @type {string} */ url) => /\/oauth2\/|\/metadata\/endpoints/.test(url);
    return exchanges.slice(0, created + 1).filter(({ url }) => !isSignIn(url));
}

/** @param {Emulator} emulator @param {Project} project */
async function train(emulator, project) {
    heading('Run train_universal.py as an experiment');
    const { workspace } = emulator.ready;
    const answers = ['--experiment', 'mnist', '--compute', 'cpu-cluster', '--environment', 'sklearn'];
    const args = ['run', 'train_universal.py', '--workspace', workspace, ...answers, '--follow'];
    const run = await aml(project, args);
    expect(run.code === 0, 'the run completed, and the exit code says so');
    // Azure ML is asked every few seconds, so a short state may pass between two looks.
    const seen = ['Running', 'Finalizing'].filter((status) =>
        inOrder(run.stdout, ['Queued', `\n${status}`, '\nCompleted']),
    );
    expect(seen.length > 0, `the status was seen going from Queued through ${seen.join(', ')} to Completed`);
    expect(/iteration +20 +loss/.test(run.stdout), 'the log was shown');
    expect(/^ +accuracy +0\.9\d*$/m.test(run.stdout) || /accuracy: 0\.9/.test(run.stdout), 'so was the accuracy');
    expect(run.stdout.includes('outputs/model.joblib'), 'the model is listed among the outputs');
    const portal = run.stdout.match(/portal +(http\S+)/)?.[1] ?? '';
    const page = await fetch(portal);
    const text = await page.text();
    expect(page.ok && text.includes(run.name), `the portal link answers: ${portal}`);
    return run;
}

/** @param {Emulator} emulator @param {Project} project */
async function repeatChanged(emulator, project) {
    heading('Change the script and repeat it');
    const changed = project
        .read('train_universal.py')
        .replace('REGULARISATION = 0.01', 'REGULARISATION = 1.0');
    project.write('train_universal.py', changed);
    process.stdout.write('train_universal.py: REGULARISATION = 1.0\n');
    const before = emulator.exchanges().length;
    const run = await aml(project, ['repeat', 'train_universal.py', '--follow']);
    expect(run.code === 0, 'the changed script ran');
    const calls = callsUntilCreated(emulator, before);
    const puts = calls.filter(({ method, url }) => method === 'PUT' && !/management|\/jobs\//.test(url));
    process.stdout.write(`  ${calls.length} calls, ${puts.length} of them writing, before it was submitted\n`);
    return run;
}

/** @param {Emulator} emulator @param {Project} project */
async function repeatUnchanged(emulator, project) {
    heading('Repeat it unchanged');
    const before = emulator.exchanges().length;
    const run = await aml(project, ['repeat', 'train_universal.py', '--follow']);
    expect(run.code === 0, 'the unchanged script ran again');
    const calls = callsUntilCreated(emulator, before);
    for (const { method, url, status } of calls) {
        process.stdout.write(`  ${method} ${new URL(url, emulator.ready.armEndpoint).pathname} ${status}\n`);
    }
    expect(calls.length === 1, 'submitting it took one call to Azure, as the record shows');
    return run;
}

heading('A local Azure Machine Learning');
const environments = chooseEnvironments();
// As long as a real node takes at least, so that every status can be seen.
const emulator = await Emulator.start({ environments, args: ['--node-start', '8000'] });
const project = Project.sample(emulator);
try {
    process.stdout.write(`${emulator.ready.armEndpoint}, workspace ${emulator.ready.workspace}\n`);
    const first = await train(emulator, project);
    const second = await repeatChanged(emulator, project);
    const third = await repeatUnchanged(emulator, project);
    heading('Every run so far');
    const list = await aml(project, ['jobs']);
    const names = [first.name, second.name, third.name];
    expect(new Set(names).size === 3, 'there are three runs');
    expect(names.every((name) => list.stdout.includes(name)), 'all of them are listed');
    heading('Done');
} finally {
    await emulator.stop();
    project.remove();
}
