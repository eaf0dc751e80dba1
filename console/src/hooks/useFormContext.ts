import { itemOption, systemOption } from "../components/form/context";
import type { FormContext } from "../components/form/model";
import type { CaseView, ResourceDetail, System } from "../api/types";
import { useResource } from "./useCatalog";
import { subjectKind } from "../words/subject";
import { useGrant } from "./useGrants";
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

/** Parties whose own systems a form of theirs may name. */
const systemOwners = new Set(["consumer", "principal", "reporter", "owner"]);

/**
 * What the forms of a case offer: the items of the resource that it is about
 * (or that the grant it is about gives), and the reader's own systems.
 */
export function useCaseContext(view: CaseView): FormContext {
  const me = useMe().data;
  const kind = subjectKind(view.procedure);
  const grant = useGrant(view.subject, kind === "grant").data;
  const resource = kind === "resource" ? view.subject : grant?.resource;
  // Another department's systems are not the reader's to see.
  const own = view.parties.find(({ party, department }) => systemOwners.has(party) && department === me?.department.id);
  const context = useResourceContext(resource, own?.department);
  return { ...context, names: view.names, asked: view.facts };
}
