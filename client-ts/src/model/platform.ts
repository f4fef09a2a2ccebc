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
    if (machine.glibc === undefined || compareVersions(machine.glibc, required.glibc) < 0) return 'libc';
    return undefined;
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

/** Negative when `a` is the older of two dotted versions, 0 when they are equal. */
export function compareVersions(a: string, b: string): number {
    const left = a.split('.').map(Number);
    const right = b.split('.').map(Number);
    for (let i = 0; i < Math.max(left.length, right.length); i++) {
        const difference = (left[i] ?? 0) - (right[i] ?? 0);
        if (difference !== 0) return difference;
    }
    return 0;
}
