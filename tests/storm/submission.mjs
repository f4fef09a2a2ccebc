// @ts-check
// One run configuration and what became of it.

import { pathToFileURL } from 'node:url';

/** How a run of the storm ends when nothing interferes. @typedef {'Completed' | 'Failed' | 'Canceled'} Fate */

/** @type {Record<Fate, string>} */
const commands = {
    Completed: 'true',
    Failed: 'exit 3',
    // Until it is cancelled.
    Canceled: 'sleep 600',
};

export class Submission {
    /** Of each attempt that was answered with an error. @type {any[]} */
    errors = [];
    /** Attempts after which nobody knows whether there is a run. */
    open = 0;
    /** How often the window had been killed at the latest attempt. */
    kills = 0;
    /** The run, as told. @type {any} */
    run;
    /** What happened to it, for whoever has to explain a failure. @type {string[]} */
    history = [];

    /**
     * @param {import('../support/project.mjs').Project} project
     * @param {string} name
     * @param {Fate} fate
     * @param {boolean} [ownName] the configuration names its run
     */
    constructor(project, name, fate, ownName = false) {
        this.name = name;
        this.fate = fate;
        project.script(`${name}.py`, '', {
            experiment_name: 'storm',
            ...(ownName ? { name: `own-${name}` } : {}),
            code: `code/${name}`,
            command: commands[fate],
        });
        project.write(`code/${name}/train.py`, `print("${name}")\n`);
        this.uri = pathToFileURL(project.path(`${name}.job.json`)).href;
    }

    /** @param {string} event */
    note(event) {
        this.history.push(`${new Date().toISOString().slice(11, 23)} ${event}`);
    }

    /** Whether the user was told that there is no run. */
    get refused() {
        return this.run === undefined && this.open === 0;
    }
}
