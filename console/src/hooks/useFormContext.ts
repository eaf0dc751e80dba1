import { itemOption, systemOption } from "../components/form/context";
import type { FormContext } from "../components/form/model";
import type { CaseView, ResourceDetail, System } from "../api/types";
import { useResource } from "./useCatalog";
import { useMe } from "./useMe";
import { useSystems } from "./useNames";

function toContext(detail: ResourceDetail | undefined, systems: readonly System[] | undefined): FormContext {
  const entry = (detail?.published ?? detail?.pending)?.entry;
  const now = new Date();
  return {
    items: (entry?.items ?? []).map(itemOption),
    systems: (systems ?? []).map((system) => systemOption(system, now)),
    methods: entry?.methods ?? [],
    purposes: entry?.purposes ?? [],
    names: {},
    asked: {},
  };
}

/** What a form about a resource offers: its items, and the systems of the department that applies. */
export function useResourceContext(resource: string | undefined, department?: string): FormContext {
  return toContext(useResource(resource).data, useSystems(department).data?.items);
}

/**
 * What the forms of a case offer. The subject of an application is a
 * resource; the subject of other procedures has nothing to offer.
 */
export function useCaseContext(view: CaseView): FormContext {
  const me = useMe().data;
  const resource = view.procedure === "application" ? view.subject : undefined;
  const consumer = view.parties.find((party) => party.party === "consumer")?.department;
  // Another department's systems are not the reader's to see.
  const context = useResourceContext(resource, consumer && consumer === me?.department.id ? consumer : undefined);
  return { ...context, names: view.names, asked: view.facts };
}
