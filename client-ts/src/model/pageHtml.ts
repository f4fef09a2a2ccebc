import type { PageStart } from '../../webview/messages';

/** Where a page comes from. */
export interface PageSource {
    /** Addresses of its code and its style sheet. */
    readonly script: string;
    readonly style: string;
    /** What VS Code calls the origin of the extension's files in a policy. */
    readonly cspSource: string;
    /** Nobody else's: what runs must carry it. */
    readonly nonce: string;
    /** Such as "en" or "zh-cn". */
    readonly language: string;
}

/** What the page may load and run: its own code, by the nonce, its own style sheet, and pictures that it was sent. */
export function contentSecurityPolicy({ cspSource, nonce }: Pick<PageSource, 'cspSource' | 'nonce'>): string {
    return [
        "default-src 'none'",
        `script-src 'nonce-${nonce}'`,
        `style-src ${cspSource}`,
        'img-src data:',
        "base-uri 'none'",
        "form-action 'none'",
    ].join('; ');
}

/** The document of a page, which its code fills. */
export function pageHtml(source: PageSource, start: PageStart<unknown>): string {
    const { script, style, nonce, language } = source;
    return `<!DOCTYPE html>
<html lang="${escape(language)}">
    <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${escape(contentSecurityPolicy(source))}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${escape(start.id.replace(/^.*\//, ''))}</title>
        <link rel="stylesheet" href="${escape(style)}" />
    </head>
    <body data-page="${escape(JSON.stringify(start))}">
        <script nonce="${escape(nonce)}" src="${escape(script)}"></script>
    </body>
</html>
`;
}

function escape(text: string): string {
    const names: Record<string, string> = {
        '&': '&amp;',
        '<': '&lt;',
        '>': '&gt;',
        '"': '&quot;',
        "'": '&#39;',
    };
    return text.replace(/[&<>"']/g, (character) => names[character] ?? character);
}
