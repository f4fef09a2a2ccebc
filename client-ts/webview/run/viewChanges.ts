import type { RunsViewChangesResult, RunView } from '../../src/protocol.gen';

interface Named {
    readonly name: string;
}

/** The page with what is different. */
export function withChanges(
    before: RunView,
    { revision, view, changes, items }: RunsViewChangesResult,
): RunView {
    if (view !== undefined) return view;
    const all: Record<string, unknown> = { ...before, ...(changes as object | undefined), revision };
    const fields = Object.entries(all);
    const now: Record<string, unknown> = Object.fromEntries(fields.filter(([, value]) => value !== null));
    const lists = (items ?? {}) as Record<string, Record<string, unknown>>;
    for (const [field, changed] of Object.entries(lists)) {
        const list = (now[field] ?? []) as readonly Named[];
        now[field] = list.map((item) => (Object.hasOwn(changed, item.name) ? changed[item.name] : item));
    }
    return now as unknown as RunView;
}
