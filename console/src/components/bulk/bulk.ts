import type { Problem } from "../../api/problem";
import { faultWords } from "../../api/faults";
import type { FormField, FormValues } from "../form/model";

/** Fields that differ from one entry to the next: the rest is asked once. */
const own = new Set(["items", "clear_items", "rows", "method"]);

/** Divides an application's form into what all share and what each entry has of its own. */
export function divide(fields: readonly FormField[]): { common: FormField[]; own: FormField[] } {
  return {
    common: fields.filter(({ id }) => !own.has(id)),
    own: fields.filter(({ id }) => id === "items" || id === "method"),
  };
}

/** What was chosen of one entry. */
export interface Chosen {
  id: string;
  items: string[];
  method: string | undefined;
}

/** The body of a bulk application. */
export function bulkRequest(procedure: string, action: string, common: FormValues, chosen: readonly Chosen[]) {
  return {
    procedure,
    action,
    fields: common,
    subjects: chosen.map(({ id, items, method }) => ({
      subject: id,
      fields: { ...(items.length > 0 ? { items } : {}), ...(method ? { method } : {}) },
    })),
  };
}

/**
 * Faults of a bulk request: those of one entry by its place, the others as
 * faults of the common form.
 */
export function divideFaults(problem: Problem, common: readonly FormField[]): { each: Map<number, string[]>; common: Problem } {
  const each = new Map<number, string[]>();
  const names = new Set(common.map(({ id }) => id));
  const mine: string[] = [];
  for (const fault of problem.fields) {
    const match = /^(?:body\.)?subjects\[(\d+)\]\.?(.*)$/.exec(fault.field);
    if (!match) continue;
    const name = (match[2] ?? "").replace(/^fields\./, "");
    // What is wrong with a common field is wrong with it in every case: told once, beside the field.
    if (names.has(name.split(/[.[]/)[0] ?? "")) continue;
    const at = Number(match[1]);
    each.set(at, [...(each.get(at) ?? []), faultWords(fault)]);
    mine.push(fault.field);
  }
  const seen = new Set<string>();
  const rest = problem.fields.flatMap((fault) => {
    if (mine.includes(fault.field)) return [];
    const field = fault.field.replace(/^(?:body\.)?subjects\[\d+\]\./, "");
    const key = `${field}/${fault.code}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ ...fault, field }];
  });
  return { each, common: problem.withFields(rest) };
}
