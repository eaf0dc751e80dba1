import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { QualityRule } from "../api/types";
import { running } from "../components/quality/job";

const key = (resource: string) => ["quality", resource] as const;

/** Rules and scores of a resource; counts, no values. */
export function useQuality(resource: string) {
  return useQuery({
    queryKey: key(resource),
    queryFn: () => unwrap(api.GET("/api/v1/resources/{id}/quality", { params: { path: { id: resource } } })),
    // While a measurement is under way its progress is asked for.
    refetchInterval: ({ state }) => (running(state.data?.job) ? 1500 : false),
  });
}

/** Asks for all rules to be run over the hosted rows; that happens in the background. */
export function useRunQuality(resource: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/resources/{id}/quality/runs", { params: { path: { id: resource } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: key(resource) }),
  });
}

/** Stops a measurement that waits or runs. */
export function useStopQuality(resource: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (run: string) =>
      unwrap(api.DELETE("/api/v1/resources/{id}/quality/runs/{run}", { params: { path: { id: resource, run } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: key(resource) }),
  });
}

/** Replaces the filed rules, unless somebody else did first. */
export function useFileQualityRules(resource: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { version: number; rules: QualityRule[] }) =>
      unwrap(api.PUT("/api/v1/resources/{id}/quality/rules", { params: { path: { id: resource } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: key(resource) }),
  });
}
