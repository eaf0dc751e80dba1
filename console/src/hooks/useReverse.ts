import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { NewReverseSource, ReverseDraft, ReverseRun } from "../api/types";

/** How often a reading that goes on is asked about, in milliseconds. */
const watch = 1_000;

/** Whether a reading has come to its end. */
export const isOver = (run: Pick<ReverseRun, "state">): boolean => run.state === "done" || run.state === "failed";

/** The registered databases of the own department; name and engine only. */
export function useReverseSources() {
  return useQuery({
    queryKey: ["reverse", "sources"],
    queryFn: async () => (await unwrap(api.GET("/api/v1/reverse-sources"))).items,
  });
}

function useStale() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["reverse"] });
}

/** Registers a database. What was sent is not kept in the cache: it holds a password. */
export function useRegisterSource() {
  return useMutation({
    mutationFn: (body: NewReverseSource) => unwrap(api.POST("/api/v1/reverse-sources", { body })),
    onSuccess: useStale(),
    gcTime: 0,
  });
}

/** Takes a database out of use. */
export function useRemoveSource() {
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE("/api/v1/reverse-sources/{id}", { params: { path: { id } } })),
    onSuccess: useStale(),
  });
}

/** Tries to reach a database. */
export function useTestSource(id: string) {
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/reverse-sources/{id}/test", { params: { path: { id } } })),
  });
}

/** Starts a reading of a database's schema. */
export function useStartRun(id: string) {
  return useMutation({
    mutationFn: (sample: boolean) => unwrap(api.POST("/api/v1/reverse-sources/{id}/runs", { params: { path: { id } }, body: { sample } })),
    onSuccess: useStale(),
  });
}

/** The readings of a database, followed while one goes on. */
export function useRuns(id: string) {
  return useQuery({
    queryKey: ["reverse", "runs", id],
    queryFn: async () => (await unwrap(api.GET("/api/v1/reverse-sources/{id}/runs", { params: { path: { id } } }))).items,
    refetchInterval: (query) => (query.state.data?.some((run) => !isOver(run)) ? watch : false),
  });
}

/** One reading with the schema, followed while it goes on. */
export function useRun(id: string) {
  return useQuery({
    queryKey: ["reverse", "run", id],
    queryFn: () => unwrap(api.GET("/api/v1/reverse-runs/{id}", { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data && !isOver(query.state.data) ? watch : false),
  });
}

/** What all proposed entries have in common. */
export interface ProposalOptions {
  class_code?: string;
  collection: "hosted_copy" | "linked_service";
}

/** The entries that are proposed for the tables of a reading. */
export function useProposals(run: string, options: ProposalOptions) {
  return useInfiniteQuery({
    queryKey: ["reverse", "proposals", run, options],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/reverse-runs/{id}/proposals", { params: { path: { id: run }, query: { ...options, after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
  });
}

/** Makes drafts of proposals that a person has looked at. */
export function useCreateDrafts(run: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (drafts: ReverseDraft[]) =>
      unwrap(api.POST("/api/v1/reverse-runs/{id}/drafts", { params: { path: { id: run } }, body: { drafts } })),
    onSuccess: () =>
      Promise.all(["reverse", "resources", "search"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}

/** What changed in a database between the last two readings. */
export function useChanges(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ["reverse", "changes", id],
    queryFn: () => unwrap(api.GET("/api/v1/reverse-sources/{id}/changes", { params: { path: { id } } })),
    enabled,
  });
}
