/** The text with its web addresses as links in Markdown, which a notification shows as something to press. */
export function withLinks(text: string): string {
    return text.replace(/https?:\/\/[^\s()[\]]*[\w/]/g, (address) => `[${address}](${address})`);
}
