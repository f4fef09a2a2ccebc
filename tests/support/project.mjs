// @ts-check
// A user's folder and machine for one test: a project, and a state directory of its own.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { binaries, Program, root } from './processes.mjs';

/** @typedef {import('./emulator.mjs').Emulator} Emulator */

export class Project {
    /**
     * @param {Emulator} emulator
     * @param {Record<string, string>} [files] path -> text
     */
    constructor(emulator, files = {}) {
        this.emulator = emulator;
        this.base = mkdtempSync(join(tmpdir(), 'aml-project-'));
        this.folder = join(this.base, 'project');
        this.stateFolder = join(this.base, 'state');
        mkdirSync(this.folder);
        for (const [path, text] of Object.entries(files)) this.write(path, text);
    }

    /** The sample project, copied. @param {Emulator} emulator */
    static sample(emulator) {
        const project = new Project(emulator);
        cpSync(join(root, 'tests', 'fixtures', 'mnist-starter'), project.folder, {
            recursive: true,
        });
        return project;
    }

    /** @param {string} path */
    path(path) {
        return join(this.folder, path);
    }

    /** @param {string} path @param {string} text */
    write(path, text) {
        mkdirSync(dirname(this.path(path)), { recursive: true });
        writeFileSync(this.path(path), text);
    }

    /** @param {string} path */
    read(path) {
        return readFileSync(this.path(path), 'utf8');
    }

    /** @param {string} path */
    has(path) {
        return existsSync(this.path(path));
    }

    /** Binds the folder to the emulator's workspace. */
    bind() {
        this.write('.azureml/config.json', JSON.stringify(this.emulator.binding));
        return this;
    }

    /**
     * A script with a run configuration.
     * @param {string} name
     * @param {string} source
     * @param {Record<string, unknown>} [changes] keys of the configuration
     */
    script(name, source, changes = {}) {
        this.write(name, source);
        const configuration = {
            type: 'command',
            experiment_name: 'e2e',
            display_name: name.replace(/\.py$/, ''),
            compute: 'azureml:cpu-cluster',
            code: '.',
            command: `python ${name}`,
            environment: {
                name: 'plain',
                image: 'mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04',
            },
            ...changes,
        };
        this.write(name.replace(/\.py$/, '.job.json'), JSON.stringify(configuration, null, 2));
        return this;
    }

    get environment() {
        return {
            ...withoutAzure(process.env),
            ...this.emulator.environment,
            XDG_STATE_HOME: this.stateFolder,
            // Whatever language the tests are run in.
            LC_ALL: 'C.UTF-8',
        };
    }

    /**
     * Starts `aml` in the project's folder.
     * @param {readonly string[]} args
     * @param {NodeJS.ProcessEnv} [environment] changes to it
     */
    start(args, environment = {}) {
        const env = { ...this.environment, ...environment };
        return new Program(join(binaries, 'aml'), args, { cwd: this.folder, env });
    }

    /**
     * Runs `aml` to its end.
     * @param {readonly string[]} args
     * @param {NodeJS.ProcessEnv} [environment] changes to it
     */
    async aml(args, environment = {}) {
        const program = this.start(args, environment);
        program.child.stdin.end();
        return program.ended;
    }

    /**
     * Runs `aml … --json` to its end and reads what it printed.
     * @param {readonly string[]} args
     * @param {NodeJS.ProcessEnv} [environment]
     */
    async json(args, environment = {}) {
        const ended = await this.aml([...args, '--json'], environment);
        return { ...ended, values: jsonLines(ended.stdout) };
    }

    /** The folder goes with the emulator, which first looks through it for tokens and secrets. */
    remove() {
        this.emulator.leave(this.base);
    }
}

/**
 * @param {string} text
 * @returns {any[]}
 */
export function jsonLines(text) {
    return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
}

/** @param {NodeJS.ProcessEnv} environment */
function withoutAzure(environment) {
    const entries = Object.entries(environment).filter(([name]) => !/^(AZURE|AZUREML)_/.test(name));
    return Object.fromEntries(entries);
}
