import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** Overdue and unmended, of the whole territory. */
export function useOverview() {
  return useQuery({
    queryKey: ["supervision", "overview"],
    queryFn: () => unwrap(api.GET("/api/v1/supervision")),
  });
}

/** What narrows the list of clocks: overdue, near their end, or both. */
export type ClockChoice = "all" | "overdue" | "soon";

/** Clocks of the territory that are overdue or end soon, first due first. */
export function useTerritoryClocks(choice: ClockChoice) {
  const overdue = choice === "all" ? undefined : choice === "overdue" ? ("true" as const) : ("false" as const);
  return useInfiniteQuery({
    queryKey: ["supervision", "clocks", choice],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/clocks", { params: { query: { overdue, after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
  });
}

/** Violations of the territory, newest first. */
export function useViolations(open: boolean) {
  return useInfiniteQuery({
    queryKey: ["supervision", "violations", open],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/violations", { params: { query: { open: open || undefined, after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
  });
}

/** Circulars to the territory, newest first. */
export function useCirculars() {
  return useInfiniteQuery({
    queryKey: ["supervision", "circulars"],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/circulars", { params: { query: { after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
  });
}
