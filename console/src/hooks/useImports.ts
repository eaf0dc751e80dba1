import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { Import, ImportRow, ImportSheet } from "../api/types";

/** How often an import that goes on is asked about, in milliseconds. */
const watch = 1_000;

/** States in which the server is at work. */
const working: ReadonlySet<string> = new Set(["uploading", "waiting", "checking", "queued", "committing"]);

/** Whether the server is still at work on an import. */
export const isWorking = (one: Pick<Import, "state">): boolean => working.has(one.state);

/** Imports of the own department, newest first. */
export function useImports() {
  return useInfiniteQuery({
    queryKey: ["imports"],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/catalog/imports", { params: { query: { after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
  });
}

/** One import, followed while the server is at work. */
export function useImport(id: string) {
  return useQuery({
    queryKey: ["import", id],
    queryFn: () => unwrap(api.GET("/api/v1/catalog/imports/{id}", { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data && isWorking(query.state.data) ? watch : false),
  });
}

/** What would become of each resource of a file. The state of the import belongs to the key: a new dry run has new rows. */
export function useImportRows(one: Import, outcome: ImportRow["outcome"] | undefined) {
  return useInfiniteQuery({
    queryKey: ["import", one.id, "rows", one.state, one.digest, outcome],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/catalog/imports/{id}/rows", { params: { path: { id: one.id }, query: { outcome, after: pageParam } } })),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next || undefined,
  });
}

/** Fields that a column can be mapped to. */
export function useImportFields() {
  return useQuery({
    queryKey: ["import-fields"],
    queryFn: async () => (await unwrap(api.GET("/api/v1/catalog/import-fields"))).items,
    staleTime: Infinity,
  });
}

function useStale() {
  const client = useQueryClient();
  return async (one: Import) => {
    client.setQueryData(["import", one.id], one);
    await Promise.all(["imports", "resources", "search"].map((key) => client.invalidateQueries({ queryKey: [key] })));
  };
}

/** Hands a file in; its dry run begins at once. */
export function useStartImport() {
  return useMutation({
    mutationFn: (file: File) =>
      unwrap(
        api.POST("/api/v1/catalog/imports", {
          params: { query: { name: file.name } },
          // The body is the file itself; the document calls it a text.
          body: file as unknown as string,
          bodySerializer: (body: unknown) => body as BodyInit,
          headers: { "Content-Type": "application/octet-stream" },
        }),
      ),
    onSuccess: useStale(),
    gcTime: 0,
  });
}

/** Says what the columns are, and has the file checked again. */
export function useMapImport(id: string) {
  return useMutation({
    mutationFn: (sheets: ImportSheet[]) => unwrap(api.PUT("/api/v1/catalog/imports/{id}/mapping", { params: { path: { id } }, body: { sheets } })),
    onSuccess: useStale(),
  });
}

/** Makes drafts of what was checked. */
export function useCommitImport(id: string) {
  return useMutation({
    mutationFn: (body: { digest: string; mode: "file" | "resource" }) =>
      unwrap(api.POST("/api/v1/catalog/imports/{id}/commit", { params: { path: { id } }, body })),
    onSuccess: useStale(),
  });
}

/** Gives an import up; the file is deleted. */
export function useCancelImport(id: string) {
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/catalog/imports/{id}/cancel", { params: { path: { id } } })),
    onSuccess: useStale(),
  });
}
