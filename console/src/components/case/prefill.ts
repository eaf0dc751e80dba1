import type { FormField, FormValues } from "../form/model";

/** What a person says at one step is not to be repeated by the next one unread. */
const remarks = new Set(["opinion", "reasons", "supplement", "supplement_list", "extension_days"]);

/** Fields that begin as what was asked for. */
const derived: Readonly<Record<string, string>> = {
  agreed_items: "items",
  agreed_clear_items: "clear_items",
};

/** What a step's form starts with: what the case holds already. */
export function prefill(action: { fields: readonly FormField[] }, facts: Readonly<Record<string, unknown>>): FormValues {
  const values: FormValues = {};
  for (const { id } of action.fields) {
    if (remarks.has(id)) continue;
    const value = facts[id] ?? facts[derived[id] ?? id];
    if (value !== undefined) values[id] = value;
  }
  return values;
}
