import { faultWords } from "../../api/faults";
import type { Problem } from "../../api/problem";

/** What is wrong with the cells of one item, by field. */
export type RowFaults = Readonly<Record<string, readonly string[]>>;

/** What is wrong with items, by their place. */
export type ItemFaults = ReadonlyMap<number, RowFaults>;

const place = /^(?:body\.)?(?:entry\.)?items\[(\d+)\](?:\.([a-z_]+))?/;

/** Parts the faults of a refusal: those of single items go to their cells, the rest to the form. */
export function partFaults(problem: Problem): { rest: Problem; items: ItemFaults } {
  const items = new Map<number, Record<string, string[]>>();
  const rest = problem.fields.filter((fault) => {
    const [, at, field] = place.exec(fault.field) ?? [];
    if (at === undefined) return true;
    const row = items.get(Number(at)) ?? {};
    (row[field ?? "code"] ??= []).push(faultWords(fault));
    items.set(Number(at), row);
    return false;
  });
  return { rest: problem.withFields(rest), items };
}

/** The faults without those of a cell that is being mended. */
export function mended(faults: ItemFaults, at: number, fields: readonly string[]): ItemFaults {
  const row = faults.get(at);
  if (!row || !fields.some((field) => field in row)) return faults;
  const left = Object.fromEntries(Object.entries(row).filter(([field]) => !fields.includes(field)));
  const out = new Map(faults);
  if (Object.keys(left).length > 0) out.set(at, left);
  else out.delete(at);
  return out;
}
