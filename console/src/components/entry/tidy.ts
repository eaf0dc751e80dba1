import type { Entry, Item } from "../../api/types";
import { tidyDomain } from "../../words/domain";
import { isBlank } from "./grid";

/** Leaves out members that were not filled: an empty choice is no choice. */
function withoutBlanks<T extends object>(value: T): T {
  // Dropping optional members keeps the type; the required ones are filled by the form's rules.
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== undefined && part !== null && part !== ""),
  ) as T;
}

function tidied(item: Item): Item {
  const reason = item.level_basis?.reason;
  const tidy = withoutBlanks({
    ...item,
    domain: tidyDomain(item.domain),
    // The platform writes the rest of the basis.
    level_basis: reason ? { reason } : undefined,
  });
  // An item without a code is sent as such: the server tells that it is missing.
  return { ...tidy, code: item.code ?? "" };
}

/** Takes blank rows off the end of the table; one in the middle is a fault to be told. */
export function withoutTail(items: readonly Item[]): Item[] {
  let end = items.length;
  while (end > 0 && isBlank(items[end - 1] ?? { code: "" })) end--;
  return items.slice(0, end);
}

/** The entry as it is sent. */
export function tidyEntry(entry: Entry): Entry {
  const tidy = withoutBlanks(entry);
  const items = withoutTail(entry.items ?? []).map(tidied);
  const upstream = entry.collection === "linked_service" && entry.upstream?.url ? withoutBlanks(entry.upstream) : undefined;
  // A name is always sent: the server tells that it is missing.
  return { ...withoutBlanks({ ...tidy, items, upstream }), name: entry.name ?? "" };
}
