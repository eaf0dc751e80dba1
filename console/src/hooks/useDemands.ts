import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { Demand } from "../api/types";

/** What narrows the board. */
export interface DemandFilter {
  state?: Demand["state"][];
  own?: boolean;
  q?: string;
}

/** What departments look for, newest first. */
export function useDemands(filter: DemandFilter) {
  return useInfiniteQuery({
    queryKey: ["demands", filter],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/demands", { params: { query: { ...filter, after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: (before) => before,
  });
}

/** One demand as every department may know it. */
export function useDemand(id: string) {
  return useQuery({
    queryKey: ["demand", id],
    queryFn: () => unwrap(api.GET("/api/v1/demands/{id}", { params: { path: { id } } })),
  });
}

/** What there is already for a demand that was raised. */
export function useDemandMatches(id: string, enabled = true) {
  return useQuery({
    queryKey: ["demand", id, "matches"],
    queryFn: () => unwrap(api.GET("/api/v1/demands/{id}/matches", { params: { path: { id } } })),
    enabled,
  });
}

/** What there is already for what somebody is about to ask for. */
export function useLookDemand(wanted: { name: string; words: string; items: readonly string[] }) {
  const name = wanted.name || wanted.words;
  return useQuery({
    queryKey: ["demand-look", wanted],
    queryFn: () =>
      unwrap(
        api.POST("/api/v1/demands/look", {
          body: { name, words: wanted.words || undefined, items: wanted.items.length > 0 ? [...wanted.items] : undefined },
        }),
      ),
    enabled: name !== "" || wanted.items.length > 0,
    placeholderData: (before) => before,
  });
}

function useStale() {
  const client = useQueryClient();
  return () => Promise.all(["demands", "demand"].map((key) => client.invalidateQueries({ queryKey: [key] })));
}

/** Says that the own department needs the same. */
export function useJoinDemand(id: string) {
  return useMutation({
    mutationFn: (note: string | undefined) =>
      unwrap(api.PUT("/api/v1/demands/{id}/joining", { params: { path: { id } }, body: { note } })),
    onSuccess: useStale(),
  });
}

/** Takes that back. */
export function useLeaveDemand(id: string) {
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/v1/demands/{id}/joining", { params: { path: { id } } })),
    onSuccess: useStale(),
  });
}

/** The application's form as far as the demand fills it. */
export function useDemandApplication(id: string) {
  return useMutation({
    mutationFn: () => unwrap(api.GET("/api/v1/demands/{id}/application", { params: { path: { id } } })),
  });
}
