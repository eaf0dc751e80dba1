import { clauseName } from "../words/clause";
import type { FieldProblem, Problem } from "./problem";

/** Where a form keeps a value: `["items", 2, "level"]`. */
export type Place = (string | number)[];

/** Faults of a refusal, sorted to where they are shown. */
export interface PlacedFaults {
  beside: { place: Place; messages: string[] }[];
  /** Faults of fields that the form does not have: shown above it. */
  above: string[];
}

/** The fields of a form. */
export interface FormShape {
  names: readonly string[];
  /** Of these, the lists whose entries have fields of their own. */
  lists?: readonly string[];
}

/** A fault in words, with the clause that asks for it. */
export function faultWords(fault: FieldProblem): string {
  return fault.basis ? `${fault.message}（依据${clauseName(fault.basis)}）` : fault.message;
}

/** Envelopes that a field may be wrapped in by the address it was sent to. */
const envelopes = new Set(["body", "fields", "entry"]);

/** `body.entry.items[2].level` → `["items", 2, "level"]`. */
function steps(path: string): Place {
  const parts = path.split(/[.[\]]+/).filter((part) => part !== "");
  while (parts.length > 1 && envelopes.has(parts[0] ?? "")) parts.shift();
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** Sorts every fault to its field, so that a form shows all of them at once. */
export function placeFaults(problem: Problem, shape: FormShape): PlacedFaults {
  const beside = new Map<string, { place: Place; messages: string[] }>();
  const above: string[] = [];
  for (const fault of problem.fields) {
    const [name = "", at, inner] = steps(fault.field);
    const nth = typeof at === "number" ? `第 ${at + 1} 项：` : "";
    if (typeof name !== "string" || !shape.names.includes(name)) {
      above.push(nth + faultWords(fault));
      continue;
    }
    const deep = shape.lists?.includes(name) && at !== undefined && inner !== undefined;
    const place: Place = deep ? [name, at, inner] : [name];
    // A control that edits a whole list says itself which entry is at fault.
    const entry = deep ? "" : nth;
    const key = place.join("/");
    const found = beside.get(key) ?? { place, messages: [] };
    found.messages.push(entry + faultWords(fault));
    beside.set(key, found);
  }
  return { beside: [...beside.values()], above };
}
