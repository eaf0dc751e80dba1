import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { toProblem } from "../api/problem";
import type { SourceMapLine } from "../api/types";

/** Designated source departments of a region (CN-19.2). */
export function useSources(region?: string) {
  return useQuery({
    queryKey: ["sources", region],
    queryFn: async () => (await unwrap(api.GET("/api/v1/sources", { params: { query: { region } } }))).items,
  });
}

/** Base and theme libraries of a region (HB-13). */
export function useLibraries(region?: string) {
  return useQuery({
    queryKey: ["libraries", region],
    queryFn: async () => (await unwrap(api.GET("/api/v1/libraries", { params: { query: { region } } }))).items,
  });
}

/** One library with what was put into it. */
export function useLibrary(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ["library", id],
    queryFn: () => unwrap(api.GET("/api/v1/libraries/{id}", { params: { path: { id } } })),
    enabled,
  });
}

/** The negative list, newest first (HB-11). */
export function useNegativeList(region?: string) {
  return useInfiniteQuery({
    queryKey: ["negative-list", region],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/negative-list", { params: { query: { region, after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
  });
}

/** The collection-responsibility list of a department, by default the own one (HB-10). */
export function useCollectionDuties(department: string | undefined) {
  return useQuery({
    queryKey: ["collection-duties", department],
    queryFn: async () =>
      (await unwrap(api.GET("/api/v1/collection-duties", { params: { query: { department } } }))).items,
  });
}

/** Filed intervals of what is not collected in real time (XN-13). */
export function useExemptions(region?: string) {
  return useQuery({
    queryKey: ["realtime-exemptions", region],
    queryFn: async () =>
      (await unwrap(api.GET("/api/v1/realtime-exemptions", { params: { query: { region, limit: 200 } } }))).items,
  });
}

/** What narrows the map of sources. */
export interface MapFilter {
  region?: string;
  state?: SourceMapLine["state"];
  q?: string;
}

/** Where each standard element comes from in one government (一数一源). */
export function useSourceMap(filter: MapFilter, enabled = true) {
  return useInfiniteQuery({
    queryKey: ["source-map", filter],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/source-map", { params: { query: { ...filter, after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: (before) => before,
    enabled,
  });
}

/** The map as a file. */
export async function fetchSourceMap(region: string | undefined): Promise<Blob> {
  const { data, error, response } = await api.GET("/api/v1/source-map/export", {
    params: { query: { region } },
    parseAs: "blob",
  });
  if (!response.ok) throw toProblem(response.status, error);
  return data as unknown as Blob;
}

/** Who publishes one element, who is its source, and where they contradict. */
export function useElementSources(element: string) {
  return useInfiniteQuery({
    queryKey: ["source-map", "element", element],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/source-map/elements/{element}", { params: { path: { element }, query: { after: pageParam } } }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
  });
}

/** What a department is the source of, and what it publishes without being the source. */
export function useDepartmentSources(department: string | undefined) {
  return useQuery({
    queryKey: ["source-map", "department", department],
    queryFn: () =>
      unwrap(api.GET("/api/v1/source-map/departments/{department}", { params: { path: { department: department ?? "" } } })),
    enabled: Boolean(department),
  });
}

/** Compares a planned form with the catalog; nothing is kept (CN-19.1). */
export function useCompareForm() {
  return useMutation({
    mutationFn: (text: string) => unwrap(api.POST("/api/v1/collection-comparison", { body: { text } })),
  });
}
