import { useInfiniteQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** Quality of the territory's departments; an authority's. */
export function useTerritoryQuality(enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ["quality-departments"],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/quality/departments", { params: { query: { after: pageParam, limit: 200 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
    enabled,
  });
}

/** Quality of one department: what its entries lack, the lowest score first. */
export function useDepartmentQuality(department: string | undefined, kind: string | undefined) {
  return useInfiniteQuery({
    queryKey: ["quality-departments", department, kind],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/quality/departments/{department}", {
          params: { path: { department: department ?? "" }, query: { kind, after: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
    enabled: Boolean(department),
    placeholderData: (before) => before,
  });
}
