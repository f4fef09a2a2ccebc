import * as fs from 'node:fs';
import { l10n, workspace, type ExtensionContext } from 'vscode';
import { hasPackage, thisTarget } from './model/target';

/** The program is not there: a matter of the packages and the settings, as the message tells the user. */
export class MissingProgram extends Error {}

/**
 * The path of the program `aml`, which is the server and the emulator: the one that the setting `azureml.server.path`
 * names, else the one that comes with the package. Throws MissingProgram.
 */
export function findProgram(context: ExtensionContext): string {
    const configured = workspace.getConfiguration('azureml').get<string>('server.path') ?? '';
    // The package's script writes the target into the manifest; without one this is a checkout of the source.
    const { target = 'source' } = context.extension.packageJSON as { target?: string };
    const here = thisTarget();
    const folder = target === 'source' ? 'build/release/bin' : 'bin';
    const bundled = target === 'source' || target === here ? [context.asAbsolutePath(`${folder}/aml`)] : [];
    const places = configured === '' ? bundled : [configured];
    const found = places.flatMap((place) => [place, `${place}.exe`]).find(isFile);
    if (found === undefined)
        throw new MissingProgram(configured === '' ? noneHere(target, here) : none(configured));
    return found;
}

function isFile(place: string): boolean {
    return fs.statSync(place, { throwIfNoEntry: false })?.isFile() ?? false;
}

function none(file: string): string {
    return l10n.t('There is no program at {0}. Correct the setting azureml.server.path or clear it.', file);
}

function noneHere(target: string, here: string): string {
    if (!hasPackage(here)) {
        return l10n.t(
            'There is no package of Azure ML Experiments for {0}. Build its programs there, and set azureml.server.path to aml.',
            here,
        );
    }
    return l10n.t(
        'This package of Azure ML Experiments ({0}) has no programs for {1}. Install azureml-experiments-{1}.vsix, or set azureml.server.path to the program aml.',
        target,
        here,
    );
}
