import { existsSync } from 'node:fs';

/** The system this code runs on, by VS Code's name for it, such as "linux-x64"; Alpine is a system of its own. */
export function thisTarget(
    { platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'> = process,
    isAlpine = existsSync('/etc/alpine-release'),
): string {
    return `${platform === 'linux' && isAlpine ? 'alpine' : platform}-${arch}`;
}

/** Whether there is a package for a system. */
export function hasPackage(target: string): boolean {
    return /^(linux|alpine|win32|darwin)-(x64|arm64)$/.test(target);
}
