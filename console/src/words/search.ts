import type { paths } from "../api/schema";

/** What a search asks, as the API takes it. */
export type SearchQuery = NonNullable<paths["/api/v1/catalog/search"]["get"]["parameters"]["query"]>;

/** Facets of which several values may be chosen: any of them will do. */
export const manyFacets = [
  "provider",
  "attribute",
  "method",
  "linked",
  "level",
  "format_kind",
  "frequency",
  "quality",
  "state",
] as const;
/** Facets that are trees: one place of it is chosen, with all below. */
export const treeFacets = ["region", "class"] as const;

export type ManyFacet = (typeof manyFacets)[number];
export type TreeFacet = (typeof treeFacets)[number];

/** What is searched for. It lives in the address: search words are no personal data. */
export interface Search {
  q: string;
  many: Readonly<Partial<Record<ManyFacet, readonly string[]>>>;
  tree: Readonly<Partial<Record<TreeFacet, string>>>;
}

export const isMany = (name: string): name is ManyFacet => (manyFacets as readonly string[]).includes(name);
export const isTree = (name: string): name is TreeFacet => (treeFacets as readonly string[]).includes(name);

/** Reads a search from the address; what does not belong to it is left alone. */
export function searchOf(params: URLSearchParams): Search {
  const many: Partial<Record<ManyFacet, string[]>> = {};
  for (const name of manyFacets) {
    const values = [...new Set(params.getAll(name).filter(Boolean))];
    if (values.length > 0) many[name] = values;
  }
  const tree: Partial<Record<TreeFacet, string>> = {};
  for (const name of treeFacets) {
    const value = params.get(name);
    if (value) tree[name] = value;
  }
  return { q: params.get("q") ?? "", many, tree };
}

/** The address of a search. */
export function paramsOf(search: Search): URLSearchParams {
  const params = new URLSearchParams();
  if (search.q) params.set("q", search.q);
  for (const name of treeFacets) {
    const value = search.tree[name];
    if (value) params.set(name, value);
  }
  for (const name of manyFacets) for (const value of search.many[name] ?? []) params.append(name, value);
  return params;
}

/** The search as it is asked. */
export function queryOf(search: Search): SearchQuery {
  const { q, many, tree } = search;
  return {
    q: q || undefined,
    ...tree,
    // A copy, since the generated type wants lists that may be changed.
    ...Object.fromEntries(Object.entries(many).map(([name, values]) => [name, [...values]])),
  };
}

/** Ticks or unticks one value of a facet. */
export function toggled(search: Search, facet: ManyFacet, value: string): Search {
  const before = search.many[facet] ?? [];
  const after = before.includes(value) ? before.filter((one) => one !== value) : [...before, value];
  return { ...search, many: { ...search.many, [facet]: after.length > 0 ? after : undefined } };
}

/** Goes to a place of a tree; undefined: to its top. */
export function placed(search: Search, facet: TreeFacet, value: string | undefined): Search {
  return { ...search, tree: { ...search.tree, [facet]: value } };
}

/** How many conditions there are besides the words. */
export function conditionsOf(search: Search): number {
  return (
    Object.values(search.many).reduce((sum, values) => sum + (values?.length ?? 0), 0) +
    Object.values(search.tree).filter(Boolean).length
  );
}

/**
 * The address of a search's result as a table. The export is narrowed by words,
 * one provider and one sharing attribute, and needs at least a word or a
 * provider; undefined: this search it cannot give, and giving more than was
 * asked for would mislead.
 */
export function exportOf({ q, many, tree }: Search): string | undefined {
  const { provider = [], attribute = [], state = [], ...others } = many;
  const narrowed = Object.values(others).some((values) => values && values.length > 0) || Object.values(tree).some(Boolean);
  const published = state.length === 1 && state[0] === "published";
  if (narrowed || provider.length > 1 || attribute.length > 1 || (state.length > 0 && !published)) return undefined;
  if (!q && provider.length === 0) return undefined;
  if (attribute[0] === "none") return undefined;
  const params = new URLSearchParams({ published: "true" });
  if (q) params.set("q", q);
  if (provider[0]) params.set("provider", provider[0]);
  if (attribute[0]) params.set("attribute", attribute[0]);
  return `/api/v1/catalog/export?${params.toString()}`;
}
