import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { Vocabulary } from "../api/types";
import type { Labels } from "../words/labels";

/** Enumerations of the catalog, as the server calls them. */
export type VocabularyID =
  | "attribute"
  | "method"
  | "collection"
  | "level"
  | "sensitivity"
  | "item_type"
  | "format_kind"
  | "frequency"
  | "open_attribute"
  | "version_status"
  | "entry_field"
  | "item_field";

/** The catalog's own words for its codes; the same that imports and exports go by. They do not change while the node runs. */
export function useVocabulary(enabled = true) {
  return useQuery({
    queryKey: ["vocabulary"],
    queryFn: () => unwrap(api.GET("/api/v1/catalog/vocabulary")),
    staleTime: Infinity,
    gcTime: Infinity,
    enabled,
  });
}

const tables = new WeakMap<Vocabulary, ReadonlyMap<string, Labels>>();

/** Every enumeration as code → name. */
export function labelsOf(vocabulary: Vocabulary): ReadonlyMap<string, Labels> {
  let made = tables.get(vocabulary);
  if (!made) {
    made = new Map(
      vocabulary.enumerations.map(({ id, words }) => [id, Object.fromEntries(words.map(({ code, name }) => [code, name]))]),
    );
    tables.set(vocabulary, made);
  }
  return made;
}

const none: Labels = {};

/** The names of one enumeration's codes; until they were fetched there are none, and codes stand for themselves. */
export function useWords(id: VocabularyID): Labels {
  const { data } = useVocabulary();
  return (data && labelsOf(data).get(id)) ?? none;
}
