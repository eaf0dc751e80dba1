import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { Entry } from "../api/types";

/** What narrows the catalog list. */
export interface CatalogFilter {
  q?: string;
  attribute?: "unconditional" | "conditional" | "withheld";
  /** Only the entries of the own department, drafts included. */
  mine?: boolean;
}

/** The catalog: what is published, or what one department has. */
export function useResources(filter: CatalogFilter) {
  return useInfiniteQuery({
    queryKey: ["resources", filter],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/resources", {
          params: { query: { ...filter, after: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
  });
}

/** One entry: the published version, and the pending one where the reader may see it. */
export function useResource(id: string | undefined) {
  return useQuery({
    queryKey: ["resource", id],
    queryFn: () => unwrap(api.GET("/api/v1/resources/{id}", { params: { path: { id: id ?? "" } } })),
    enabled: Boolean(id),
  });
}

/** A published resource by its code, for its name; null when there is none that the reader may see. */
export function useResourceByCode(code: string) {
  return useQuery({
    queryKey: ["resource-by-code", code],
    queryFn: async () => {
      const { items } = await unwrap(api.GET("/api/v1/resources", { params: { query: { q: code, limit: 5 } } }));
      const found = items.find((one) => one.resource.code === code);
      return found ? { id: found.resource.id, name: found.name } : null;
    },
    staleTime: 60_000,
  });
}

/** Every version of an entry that the reader may see. */
export function useVersions(id: string) {
  return useQuery({
    queryKey: ["resource", id, "versions"],
    queryFn: async () => (await unwrap(api.GET("/api/v1/resources/{id}/versions", { params: { path: { id } } }))).items,
  });
}

/** What differs between two versions of an entry. */
export function useDifference(id: string, from: number, to: number) {
  return useQuery({
    queryKey: ["resource", id, "diff", from, to],
    queryFn: () => unwrap(api.GET("/api/v1/resources/{id}/diff", { params: { path: { id }, query: { from, to } } })),
    enabled: from > 0 && to > 0 && from !== to,
  });
}

/** Forgets what was fetched of the catalog, after a change of it. */
function useStale() {
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ["resources"] }),
      client.invalidateQueries({ queryKey: ["resource"] }),
      client.invalidateQueries({ queryKey: ["search"] }),
    ]);
  };
}

/** Starts an entry of the own department. */
export function useCreateDraft() {
  const stale = useStale();
  return useMutation({
    mutationFn: (entry: Entry) => unwrap(api.POST("/api/v1/resources", { body: { entry } })),
    onSuccess: stale,
  });
}

/** Replaces the content of a draft, unless somebody else changed it first. */
export function useEditDraft(id: string) {
  const stale = useStale();
  return useMutation({
    mutationFn: (body: { entry: Entry; revision: number }) =>
      unwrap(api.PUT("/api/v1/resources/{id}/draft", { params: { path: { id } }, body })),
    onSuccess: stale,
  });
}

/** Starts a new version beside the published one. */
export function useNewVersion(id: string) {
  const stale = useStale();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(api.POST("/api/v1/resources/{id}/versions", { params: { path: { id } }, body: reason ? { reason } : undefined })),
    onSuccess: stale,
  });
}
