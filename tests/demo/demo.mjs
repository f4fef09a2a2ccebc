// @ts-check
// `npm run demo [-- --stay]`: the main flow, for real. Trains the sample as an experiment on a local
// Azure ML, changes and repeats it, then repeats it unchanged and shows that this took one call.
// With --stay the local Azure ML and the project stay until Ctrl-C, to look around in.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { Emulator } from '../support/emulator.mjs';
import { chooseEnvironments } from '../support/environments.mjs';
import { binaries, root } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

const stay = process.argv.includes('--stay');
// The clone's own, so that the first demo in it shows how an environment is built.
const environmentCache = join(root, 'build', 'demo', 'environments');

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
 * Whether lines of `output` begin with these states, in this order.
 * @param {string} output
 * @param {readonly string[]} states
 */
function inOrder(output, states) {
    return new RegExp(states.map((state) => `^(?:${state})\\b`).join('[^]*'), 'm').test(output);
}

/** Whether an earlier demo has left a built environment. */
function holdsEnvironments() {
    return existsSync(environmentCache) && readdirSync(environmentCache).length > 0;
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

/**
 * @param {Emulator} emulator
 * @param {Project} project
 * @param {'build' | 'system'} environments
 */
async function train(emulator, project, environments) {
    heading('Run train_universal.py as an experiment');
    const builds = environments === 'build' && !holdsEnvironments();
    const { workspace } = emulator.ready;
    const answers = ['--experiment', 'mnist', '--compute', 'cpu-cluster', '--environment', 'sklearn'];
    const args = ['run', 'train_universal.py', '--workspace', workspace, ...answers, '--follow'];
    const run = await aml(project, args);
    expect(run.code === 0, 'the run completed, and the exit code says so');
    if (builds) {
        expect(
            /Building environment[^]*The environment is ready\./.test(run.stdout),
            'its environment was built, with its log',
        );
    } else if (environments === 'build') {
        process.stdout.write('  (The environment is there from an earlier demo: build/demo/environments.)\n');
    }
    const states = [
        'NotStarted|Starting',
        ...(builds ? ['Preparing'] : []),
        'Queued',
        'Running',
        'Finalizing',
        'Completed',
    ];
    expect(inOrder(run.stdout, states), `its status was seen going ${states.join(' → ')}`);
    expect(
        /^Queued +Waiting for a node/m.test(run.stdout),
        'while it was queued, the cluster scaled up from no node',
    );
    expect(/^iteration +20 +loss/m.test(run.stdout), 'the log was shown as it came');
    // Debian's Python has no MLflow, and the script then prints only.
    const accuracy = environments === 'build' ? /^ +accuracy +0\.9\d*$/m : /^accuracy: 0\.9/m;
    expect(accuracy.test(run.stdout), 'so was the accuracy');
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
    const sent = calls.filter(({ method, url }) => method === 'PUT' && url.includes('train_universal.py'));
    expect(sent.length === 1, `the changed code was sent, in ${calls.length} calls side by side`);
    const built = calls.filter(({ method, url }) => method === 'PUT' && /\/environments\//i.test(url));
    expect(built.length === 0, 'the environment was not: it has not changed');
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

/** @param {Emulator} emulator @param {Project} project */
async function lookAround(emulator, project) {
    const settings = Object.entries(emulator.environment).map(([name, value]) => `export ${name}=${value}`);
    const commands = [
        ...settings,
        `export XDG_STATE_HOME=${project.stateFolder}`,
        `export PATH=${binaries}:$PATH`,
        `cd ${project.folder}`,
    ];
    process.stdout.write(`Experiments and runs: ${emulator.ready.studioUrl}\n`);
    process.stdout.write(`For aml in another terminal:\n\n${commands.join('\n')}\n\nCtrl-C ends it.\n`);
    await new Promise((resolve) => process.once('SIGINT', resolve));
}

heading('A local Azure Machine Learning');
const environments = chooseEnvironments();
// As long as a real node takes at least, so that every status can be seen.
const args = ['--node-start', '8000', '--env-cache', environmentCache];
const emulator = await Emulator.start({ environments, args });
const project = Project.sample(emulator);
try {
    process.stdout.write(`${emulator.ready.armEndpoint}, workspace ${emulator.ready.workspace}\n`);
    const first = await train(emulator, project, environments);
    const second = await repeatChanged(emulator, project);
    const third = await repeatUnchanged(emulator, project);
    heading('Every run so far');
    const list = await aml(project, ['jobs']);
    const names = [first.name, second.name, third.name];
    expect(new Set(names).size === 3, 'there are three runs');
    expect(
        names.every((name) => list.stdout.includes(name)),
        'all of them are listed',
    );
    heading('Done');
    if (stay) await lookAround(emulator, project);
    else process.stdout.write('npm run demo -- --stay keeps all of it running, to look around in.\n');
} finally {
    await emulator.stop();
    project.remove();
}
