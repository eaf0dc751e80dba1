import type { Advice, Element, Entry, Item, LevelProposal } from "../../api/types";
import { tidyDomain } from "../../words/domain";

/** An item that takes what a proposal says; a higher level that it has stays. */
export function accepted(item: Item, proposal: LevelProposal, levels: readonly string[]): Item {
  const higher = levels.indexOf(item.level ?? "") >= levels.indexOf(proposal.level);
  return {
    ...item,
    level: higher ? item.level : (proposal.level as Item["level"]),
    sensitivity: (proposal.sensitivity || item.sensitivity) as Item["sensitivity"],
    masked: item.masked || proposal.masked || undefined,
    level_basis: undefined,
  };
}

/** An item that stays below a proposal, for a reason; without one, what was said is taken back. */
export function deviating(item: Item, reason: string): Item {
  return { ...item, level_basis: reason.trim() ? { reason: reason.trim() } : undefined };
}

/** Whether a person still has to decide about a proposal. */
export function isOpen(item: Item, proposal: LevelProposal, levels: readonly string[]): boolean {
  if (item.level_basis?.reason) return false;
  return (
    levels.indexOf(item.level ?? "") < levels.indexOf(proposal.level) ||
    Boolean(proposal.sensitivity && item.sensitivity !== proposal.sensitivity) ||
    Boolean(proposal.masked && !item.masked)
  );
}

/** Whether the entry's own level is below that of its items. */
export const entryBelow = (entry: Pick<Entry, "level">, advice: Advice, levels: readonly string[]): boolean =>
  Boolean(advice.level) && levels.indexOf(entry.level ?? "") < levels.indexOf(advice.level ?? "");

/** An item that cites an element and takes from it what was not filled in yet. */
export function citing(item: Item, element: Element): Item {
  const { type, length, decimals } = item.type ? item : element;
  return {
    ...item,
    element: element.code,
    name: item.name || element.name,
    english_name: item.english_name || element.english_name,
    // Type, length and decimals belong together: none is taken without the others.
    type: type as Item["type"],
    length,
    decimals,
    format: item.format || element.format,
    domain: tidyDomain(item.domain) ?? element.domain,
  };
}

/** Two answers as one: for every item the proposal with the higher level. */
export function merged(a: Advice | undefined, b: Advice | undefined, levels: readonly string[]): Advice | undefined {
  if (!a || !b) return a ?? b;
  const items = new Map(a.items.map((one) => [one.item, one]));
  for (const one of b.items) {
    const known = items.get(one.item);
    if (!known || levels.indexOf(one.level) > levels.indexOf(known.level)) items.set(one.item, one);
  }
  return { ...a, items: [...items.values()] };
}
