import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { Problem } from "../api/problem";
import { queryOf, type Search } from "../words/search";

/** How often a search is tried again while the index is being built, in milliseconds. */
const again = 3_000;

/** Whether a search failed only because the index is not there yet. */
export const isBuilding = (error: unknown): boolean => error instanceof Problem && error.code === "search_index_building";

/** Searches the catalog. What was found before stays on the page until the next answer is there. */
export function useSearch(search: Search) {
  const query = queryOf(search);
  return useInfiniteQuery({
    queryKey: ["search", query],
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET("/api/v1/catalog/search", { params: { query: { ...query, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
    retry: (count, error) => !(error instanceof Problem && (error.status < 500 || isBuilding(error))) && count < 2,
    refetchInterval: (query) => (isBuilding(query.state.error) ? again : false),
  });
}

/** How far the index is. */
export function useSearchStatus() {
  return useQuery({
    queryKey: ["search-status"],
    queryFn: () => unwrap(api.GET("/api/v1/catalog/search/status")),
    refetchInterval: 2_000,
  });
}
