// @ts-check
// A user's folder for runs on this computer: no Azure can be reached, and nothing is needed of it.

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { Project } from './project.mjs';

/** Nobody listens there. */
const nowhere = /** @type {any} */ ({ environment: { AZUREML_ARM_ENDPOINT: 'http://127.0.0.1:9' } });

/** What most scripts here need: nothing beside Python. */
export const plainEnvironment = { image: 'an/image', conda_file: { dependencies: ['python', 'pip'] } };

export class HereProject extends Project {
    constructor() {
        super(nowhere);
        // Where the folder is found from below, as with a workspace.
        this.write('.azureml/config.json', '{}');
    }

    get environment() {
        return { ...super.environment, XDG_CACHE_HOME: join(this.base, 'cache') };
    }

    /**
     * A script with a configuration that runs here.
     * @param {string} name
     * @param {string} source
     * @param {Record<string, unknown>} [changes]
     */
    script(name, source, changes = {}) {
        return super.script(name, source, { environment: plainEnvironment, ...changes });
    }

    /** @param {string} run @param {...string} parts */
    ofRun(run, ...parts) {
        return this.path(join('.azureml', 'runs', run, ...parts));
    }

    /** @param {string} name */
    hasRuns(name = '') {
        return existsSync(this.ofRun(name));
    }

    /** @param {string} name */
    async status(name) {
        const { values } = await this.json(['status', name]);
        return values[0];
    }

    remove() {
        endWhatNames(this.base);
        rmSync(this.base, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
    }
}

/** What a killed terminal was making an environment with outlives it. @param {string} folder */
function endWhatNames(folder) {
    if (!existsSync('/proc')) return;
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
            if (readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(folder)) process.kill(Number(id), 'SIGKILL');
        } catch {
            // It has ended meanwhile.
        }
    }
}
