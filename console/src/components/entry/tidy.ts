import type { Entry, Item } from "../../api/types";

/** Leaves out members that were not filled: an empty choice is no choice. */
function withoutBlanks<T extends object>(value: T): T {
  // Dropping optional members keeps the type; the required ones are filled by the form's rules.
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== undefined && part !== null && part !== ""),
  ) as T;
}

/** The entry as it is sent. */
export function tidyEntry(entry: Entry): Entry {
  const tidy = withoutBlanks(entry);
  const items = (entry.items ?? []).map((item: Item) => withoutBlanks(item));
  const upstream = entry.collection === "linked_service" && entry.upstream?.url ? withoutBlanks(entry.upstream) : undefined;
  return withoutBlanks({ ...tidy, items, upstream });
}
