// @ts-check
// usage: node .ci/setup.mjs [build] [test] [package] [clean] [platforms] [vscode] [sklearn] [bench] [fuzz]
// Installs what the named tasks need and the machine lacks: Debian packages and npm packages. Safe
// to run again; says what it does, and returns within a second when there is nothing to do.

import { Failure, elapsed, installNodeModules, isInstalled, output, root, run, say, script } from './tools.mjs';

// What each package is for stands in server/README.md.
/** @type {Record<string, readonly string[]>} */
const debianPackages = {
    build: [
        'ca-certificates',
        'ccache',
        'cmake',
        'g++',
        'libboost-dev',
        'libcpprest-dev',
        'libfmt-dev',
        'libsqlite3-dev',
        'libssl-dev',
        'libyaml-cpp-dev',
        'mold',
        'ninja-build',
        'nlohmann-json3-dev',
        'python3',
        'python3-venv',
        'zlib1g-dev',
    ],
    test: ['clang-format', 'clang-tidy', 'doctest-dev', 'git'],
    // What fetches, unpacks and builds the libraries that packages carry.
    package: ['bzip2', 'dpkg-dev', 'make', 'patch', 'perl', 'python3-venv', 'tcl', 'xz-utils'],
    // A clean machine to try the package on.
    clean: ['debootstrap'],
    // What runs programs that were built for Arm and for Windows.
    platforms: ['debootstrap', 'libc6-arm64-cross', 'maven', 'qemu-user-static', 'wine', 'wine64'],
    // A browser with Chinese letters, and what building VS Code's native modules and its search need.
    vscode: ['chromium', 'fonts-wqy-microhei', 'libkrb5-dev', 'make', 'pkg-config', 'ripgrep'],
    // What the demo trains with where pip can install nothing.
    sklearn: ['python3-sklearn'],
    bench: ['clangd'],
    fuzz: ['clang', 'libclang-rt-14-dev'],
};

await script(async () => {
    const tasks = process.argv.slice(2);
    const unknown = tasks.find((task) => !(task in debianPackages));
    if (unknown !== undefined) {
        const known = Object.keys(debianPackages).join(', ');
        throw new Failure(`setup does not know '${unknown}'; it knows: ${known}.`);
    }
    const started = Date.now();
    const packagesChanged = await installDebianPackages(tasks.flatMap((task) => debianPackages[task]));
    const modulesChanged = await installNodeModules(root);
    if (packagesChanged || modulesChanged) say(`Set up in ${elapsed(started)}.`);
});

/**
 * @param {readonly string[]} wanted
 * @returns {Promise<boolean>} whether anything was installed
 */
async function installDebianPackages(wanted) {
    if (!isInstalled('dpkg-query') || !isInstalled('apt-get')) {
        say('This is not a Debian system, so install the equivalents of these packages yourself:');
        say(wanted.join(' '));
        return false;
    }
    const missing = missingPackages(wanted);
    if (missing.length === 0) return false;
    say(`Installing ${missing.length} missing Debian packages: ${missing.join(' ')}`);
    const [program, ...prefix] = asRoot(missing);
    await run(program, [...prefix, 'apt-get', 'update', '--quiet']);
    const install = ['apt-get', 'install', '--yes', '--quiet', '--no-install-recommends'];
    await run(program, [...prefix, ...install, ...missing]);
    return true;
}

/** @param {readonly string[]} wanted */
function missingPackages(wanted) {
    // Unlike `dpkg-query --show NAME`, the whole list succeeds when some of the names are unknown.
    const listed = output('dpkg-query', ['--show', '--showformat=${Package} ${db:Status-Status}\\n']);
    const installed = new Set(
        (listed ?? '')
            .split('\n')
            .filter((line) => line.endsWith(' installed'))
            .map((line) => line.split(' ')[0]),
    );
    return wanted.filter((name) => !installed.has(name));
}

/**
 * The command line that runs another as root, without a question asked by apt.
 * @param {readonly string[]} missing
 * @returns {string[]}
 */
function asRoot(missing) {
    const quietly = ['env', 'DEBIAN_FRONTEND=noninteractive'];
    if (process.getuid?.() === 0) return quietly;
    if (isInstalled('sudo')) return ['sudo', ...quietly];
    throw new Failure(
        'Debian packages are missing, and only root can install them (there is no sudo here). ' +
            `Run this as root, then try again:\n  apt-get install ${missing.join(' ')}`,
    );
}
