import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** What narrows a list of grants. */
export interface GrantFilter {
  resource?: string;
}

/** Grants that concern the own department. */
export function useGrants(filter: GrantFilter = {}, enabled = true) {
  return useInfiniteQuery({
    queryKey: ["grants", filter],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/grants", { params: { query: { ...filter, after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
    enabled,
  });
}

/** One grant. */
export function useGrant(id: string, enabled = true) {
  return useQuery({
    queryKey: ["grant", id],
    queryFn: () => unwrap(api.GET("/api/v1/grants/{id}", { params: { path: { id } } })),
    enabled,
  });
}

/** The changes of a grant. */
export function useGrantHistory(id: string) {
  return useQuery({
    queryKey: ["grant", id, "history"],
    queryFn: () => unwrap(api.GET("/api/v1/grants/{id}/history", { params: { path: { id } } })),
  });
}

/** Who answers for what under a grant. */
export function useResponsibility(id: string) {
  return useQuery({
    queryKey: ["grant", id, "responsibility"],
    queryFn: () => unwrap(api.GET("/api/v1/grants/{id}/responsibility", { params: { path: { id } } })),
  });
}
