import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { ImposeCutoff, RiskSignal } from "../api/types";

/** What narrows the list of signals. */
export interface SignalFilter {
  state?: RiskSignal["state"];
  kind?: RiskSignal["kind"];
  grant?: string;
}

/** Signals in the reader's sight, newest first; asked for again every half minute. */
export function useSignals(filter: SignalFilter) {
  return useInfiniteQuery({
    queryKey: ["signals", filter],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/signals", { params: { query: { ...filter, after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
    refetchInterval: 30_000,
  });
}

/** What is slowed, paused or stopped, newest first. */
export function useCutoffs(inForce: boolean) {
  return useInfiniteQuery({
    queryKey: ["cutoffs", inForce],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/cutoffs", { params: { query: { in_force: inForce || undefined, after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
    refetchInterval: 30_000,
  });
}

/** Forgets what a decision may have changed: signals, measures, figures and to-dos. */
function useStale() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      ["signals", "cutoffs", "grant", "todos", "cases", "notices"].map((key) => client.invalidateQueries({ queryKey: [key] })),
    );
}

/** Says that a signal is true, or a false alarm. */
export function useDecideSignal(id: string) {
  return useMutation({
    mutationFn: (body: { decision: "confirm" | "dismiss"; reason?: string }) =>
      unwrap(api.POST("/api/v1/signals/{id}/decision", { params: { path: { id } }, body })),
    onSuccess: useStale(),
  });
}

/** Opens an incident case from a signal (CN-35.3). */
export function useSignalToIncident(id: string) {
  return useMutation({
    mutationFn: (body: { gravity: "general" | "serious" | "grave" | "extreme"; measures: string }) =>
      unwrap(api.POST("/api/v1/signals/{id}/incident", { params: { path: { id } }, body })),
    onSuccess: useStale(),
  });
}

/** Opens a violation report from a signal (CN-40.2). */
export function useSignalToReport(id: string) {
  return useMutation({
    mutationFn: (body: { description?: string }) =>
      unwrap(api.POST("/api/v1/signals/{id}/report", { params: { path: { id } }, body })),
    onSuccess: useStale(),
  });
}

/** Cuts something off at once. */
export function useImposeCutoff() {
  return useMutation({
    mutationFn: (body: ImposeCutoff) => unwrap(api.POST("/api/v1/cutoffs", { body })),
    onSuccess: useStale(),
  });
}

/** Gives back what was cut off. */
export function useLiftCutoff(id: string) {
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(api.POST("/api/v1/cutoffs/{id}/lift", { params: { path: { id } }, body: { reason } })),
    onSuccess: useStale(),
  });
}

/** Hourly figures of a grant, and what is in force on it. */
export function useGrantMonitoring(id: string) {
  return useQuery({
    queryKey: ["grant", id, "monitoring"],
    queryFn: () => unwrap(api.GET("/api/v1/grants/{id}/monitoring", { params: { path: { id } } })),
    refetchInterval: 60_000,
  });
}

/** A system, for its name; only its department and its authority may look. */
export function useSystem(id: string | undefined) {
  return useQuery({
    queryKey: ["system", id],
    queryFn: () => unwrap(api.GET("/api/v1/systems/{id}", { params: { path: { id: id ?? "" } } })),
    enabled: Boolean(id),
    staleTime: 10 * 60_000,
  });
}
