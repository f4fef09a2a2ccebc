/** What the bundled programs were built for. */
const required = { platform: 'linux', arch: 'x64', glibc: '2.36' };

export interface Machine {
    readonly platform: string;
    readonly arch: string;
    /** Version of the GNU C library, such as "2.36"; undefined where there is another one. */
    readonly glibc: string | undefined;
}

/** Whether the bundled programs can run on `machine`. */
export function isSupported({ platform, arch, glibc }: Machine): boolean {
    // The versions of a C library compare number by number.
    const age = glibc?.localeCompare(required.glibc, 'en', { numeric: true }) ?? -1;
    return platform === required.platform && arch === required.arch && age >= 0;
}

/** The machine this code runs on. */
export function thisMachine(): Machine {
    const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
    return { platform: process.platform, arch: process.arch, glibc: report.header?.glibcVersionRuntime };
}
