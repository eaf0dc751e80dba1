import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { Grant, ResourceSummary } from "../api/types";

/** Kinds of records that are looked up by a part of their name. */
export type LookedUp = "department" | "resource" | "own_resource" | "grant" | "case" | "case_or_grant" | "project" | "demand";

/** A record to choose. */
export interface RecordChoice {
  value: string;
  label: string;
}

/** Grants and cases whose names are asked for at most: a picker shows no more. */
const most = 50;

/** The name of a resource, from what was fetched before where it was. */
async function resourceName(client: QueryClient, id: string): Promise<string> {
  try {
    const detail = await client.fetchQuery({
      queryKey: ["resource", id],
      queryFn: () => unwrap(api.GET("/api/v1/resources/{id}", { params: { path: { id } } })),
      staleTime: 10 * 60_000,
    });
    return (detail.published ?? detail.pending)?.entry.name ?? "";
  } catch {
    return ""; // a grant without the name of its resource can still be told by its purpose
  }
}

/** A grant in words. Two of one resource for one purpose are told apart by the end of the number. */
export function grantLabel(grant: Pick<Grant, "id" | "purpose">, resource: string): string {
  return `${[resource, grant.purpose].filter(Boolean).join("，")}（…${grant.id.slice(-6)}）`;
}

async function grants(client: QueryClient): Promise<RecordChoice[]> {
  const { items } = await unwrap(api.GET("/api/v1/grants", { params: { query: { limit: most } } }));
  const ids = [...new Set(items.map((one) => one.resource))];
  const names = new Map(await Promise.all(ids.map(async (id) => [id, await resourceName(client, id)] as const)));
  return items.map((one) => ({ value: one.id, label: grantLabel(one, names.get(one.resource) ?? "") }));
}

async function cases(procedure?: string): Promise<RecordChoice[]> {
  const { items } = await unwrap(api.GET("/api/v1/cases", { params: { query: { procedure, limit: 200 } } }));
  return items.map((one) => ({ value: one.id, label: `${one.number} ${one.title}` }));
}

const resourceChoice = (one: ResourceSummary) => ({
  value: one.resource.id,
  label: `${one.name}（${one.provider_name}）`,
});

async function look(client: QueryClient, kind: LookedUp, q: string): Promise<RecordChoice[]> {
  const query = { q: q || undefined, limit: 20 };
  const holding = (choices: RecordChoice[]) => choices.filter(({ label }) => label.includes(q));
  switch (kind) {
    case "department": {
      const { items } = await unwrap(api.GET("/api/v1/departments", { params: { query } }));
      return items.map((one) => ({ value: one.id, label: one.name }));
    }
    case "resource": {
      const { items } = await unwrap(api.GET("/api/v1/resources", { params: { query } }));
      return items.map(resourceChoice);
    }
    case "own_resource": {
      const { items } = await unwrap(api.GET("/api/v1/resources", { params: { query: { ...query, mine: true } } }));
      return items.map(resourceChoice);
    }
    case "demand": {
      const { items } = await unwrap(api.GET("/api/v1/demands", { params: { query: { q: q || undefined, state: ["open", "answered"], limit: 20 } } }));
      return items.map((one) => ({ value: one.id, label: `${one.number} ${one.name}（${one.department_name}）` }));
    }
    case "grant":
      return holding(await grants(client));
    case "case":
      return holding(await cases());
    case "project":
      return holding(await cases("project_gate"));
    case "case_or_grant":
      return holding(
        (
          await Promise.all([
            cases(),
            grants(client).then((found) => found.map((one) => ({ ...one, label: `授权：${one.label}` }))),
          ])
        ).flat(),
      );
  }
}

/** Records whose name contains q. */
export function useRecords(kind: LookedUp, q: string) {
  const client = useQueryClient();
  return useQuery({
    queryKey: ["records", kind, q],
    queryFn: () => look(client, kind, q),
    placeholderData: (before) => before,
  });
}

/** Standard data elements that several departments provide and nobody was made the source of; an authority's. */
export function useUndesignated(enabled: boolean) {
  return useQuery({
    queryKey: ["undesignated"],
    queryFn: async () => (await unwrap(api.GET("/api/v1/sources/undesignated"))).items,
    enabled,
  });
}
