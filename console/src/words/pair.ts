/**
 * The two versions to compare: the asked ones where there are such, else the
 * latest and the one before it. Zeros when there are no two.
 */
export function pairOf(numbers: readonly number[], from: number, to: number): [from: number, to: number] {
  const sorted = [...numbers].sort((a, b) => a - b);
  const latest = sorted.at(-1) ?? 0;
  const second = sorted.includes(to) ? to : latest;
  if (sorted.includes(from) && from !== second) return [from, second];
  const before = sorted.filter((number) => number < second).at(-1) ?? sorted.find((number) => number > second);
  return before === undefined ? [0, 0] : [before, second];
}
