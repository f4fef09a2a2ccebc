/** Levels of the server's log, in the words of VS Code's log channels. */
export type LogLevel = 'error' | 'info' | 'debug';

const pattern = /^\d{2}:\d{2}:\d{2}\.\d{3} ([EID]) (.*)$/;
const levels: Record<string, LogLevel> = { E: 'error', I: 'info', D: 'debug' };

/**
 * Reads a line of the server's standard error. The time is left out, since the channel adds its own; a line that is
 * not the log's own, such as a message of the loader or a sanitizer, is an error.
 */
export function parseLogLine(line: string): { level: LogLevel; text: string } {
    const [, letter = '', text = line] = pattern.exec(line) ?? [];
    return { level: levels[letter] ?? 'error', text };
}
