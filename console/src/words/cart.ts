import type { CartChoice, CartLine } from "../api/types";
import type { FormValues } from "../components/form/model";

/** A choice as it is sent: what is half filled waits, what is blank is left to the common form. */
export function tidyChoice(choice: CartChoice): CartChoice {
  const items = choice.items ?? [];
  const clear = (choice.clear_items ?? []).filter((code) => items.includes(code));
  const rows = (choice.rows ?? []).filter((row) => row.item && row.values && row.values.length > 0);
  return {
    ...(items.length > 0 ? { items } : {}),
    ...(clear.length > 0 ? { clear_items: clear } : {}),
    ...(rows.length > 0 ? { rows } : {}),
    ...(choice.method ? { method: choice.method } : {}),
    ...(choice.mode ? { mode: choice.mode } : {}),
  };
}

/** Whether two choices are the same once sent. */
export function sameChoice(a: CartChoice, b: CartChoice): boolean {
  return JSON.stringify(tidyChoice(a)) === JSON.stringify(tidyChoice(b));
}

/** What the reader is applying for: the lines in order, each with its choice as the page shows it. */
export interface Applied {
  line: CartLine;
  choice: CartChoice;
}

/**
 * The body of an application. What is chosen of each entry goes along: a change
 * that is still being saved would be lost otherwise.
 */
export function cartRequest(common: FormValues, applied: readonly Applied[], propose: boolean) {
  return {
    fields: common,
    resources: applied.map(({ line }) => line.resource),
    own: Object.fromEntries(applied.map(({ line, choice }) => [line.resource, { ...tidyChoice(choice) } as Record<string, unknown>])),
    propose,
  };
}

/** The method where there is one alone: nobody needs to choose it. */
export function withOnlyMethod(line: CartLine): CartChoice {
  const only = line.methods.length === 1 ? (line.methods[0] as CartChoice["method"]) : undefined;
  return { ...line.choice, method: line.choice.method ?? only };
}
