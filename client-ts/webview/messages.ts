// What a page and the extension say to each other, by postMessage.

/** Questions of a page to the server: what each method takes, without what the extension adds, and answers. */
export type Questions<Method extends PropertyKey> = Record<
    Method,
    { readonly params: object; readonly result: unknown }
>;

/** A file that a page has made, to be saved where the user says. */
export type PageFile = { readonly name: string } & ({ readonly text: string } | { readonly base64: string });

/** What every page may ask of its panel. */
export interface PanelQuestions {
    /** Whether it was saved; false when the user would rather not. */
    'page/save': { readonly params: PageFile; readonly result: boolean };
}

/** Why a question has no answer. */
export interface Failure {
    /** For the user. */
    readonly message: string;
    /** `FailureKind` of the protocol, if the server says it. */
    readonly kind?: string | undefined;
}

/** From a page to the extension. */
export type PageMessage<Action = unknown> =
    | { readonly kind: 'ask'; readonly number: number; readonly method: string; readonly params: object }
    | { readonly kind: 'cancel'; readonly number: number }
    | { readonly kind: 'act'; readonly action: Action };

/** From the extension to a page. */
export type HostMessage =
    | { readonly kind: 'answer'; readonly number: number; readonly result: unknown }
    | { readonly kind: 'failure'; readonly number: number; readonly failure: Failure };

/** What a page is told when it is made. */
export interface PageStart<Texts> {
    /** What the page is about. */
    readonly id: string;
    /** Every text that the page itself shows, in the user's language. */
    readonly texts: Texts;
}
