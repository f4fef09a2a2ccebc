import type { RunsColumn, RunsSort } from '../../src/protocol.gen';

/**
 * The order after a heading was used: by its column, then the other way round, then no longer. The highest numbers come
 * first, words from A on. `adds` keeps the order of before for what this column leaves open.
 */
export function nextSort(
    sort: readonly RunsSort[],
    { id, isNumber }: RunsColumn,
    adds: boolean,
): readonly RunsSort[] {
    const before = sort.find(({ column }) => column === id);
    const others = adds ? sort.filter(({ column }) => column !== id) : [];
    if (before === undefined) return [...others, { column: id, descending: isNumber }];
    if (before.descending !== isNumber) return others;
    const turned = { column: id, descending: !isNumber };
    return adds ? sort.map((key) => (key.column === id ? turned : key)) : [turned];
}
