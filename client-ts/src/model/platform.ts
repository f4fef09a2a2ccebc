/** What the bundled programs were built for. */
export const required = { platform: 'linux', arch: 'x64', glibc: '2.36' } as const;

export interface Machine {
    readonly platform: string;
    readonly arch: string;
    /** Version of the C library, such as "2.36"; undefined where it is not glibc. */
    readonly glibc: string | undefined;
}

export type Unsupported = 'platform' | 'libc';

/** Why the bundled server cannot run on `machine`, or undefined when it can. */
export function unsupported(machine: Machine): Unsupported | undefined {
    if (machine.platform !== required.platform || machine.arch !== required.arch) return 'platform';
    const { glibc } = machine;
    // The versions of a C library compare number by number.
    const isOlder = glibc?.localeCompare(required.glibc, 'en', { numeric: true }) ?? -1;
    return isOlder < 0 ? 'libc' : undefined;
}

/** The machine this code runs on. */
export function thisMachine(): Machine {
    const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
    return {
        platform: process.platform,
        arch: process.arch,
        glibc: report.header?.glibcVersionRuntime,
    };
}
