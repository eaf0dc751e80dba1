import { useMutation } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/**
 * Sealed parts of cases. They are asked for by an act of the reader, which the
 * ledger records, and nothing of them stays in memory once the page is left:
 * hence mutations, which are never cached, and not queries.
 */

/** What names the record of a correction case, and the values. */
export function useRevealCorrection(id: string) {
  return useMutation({
    mutationFn: () => unwrap(api.GET("/api/v1/corrections/{id}/sealed", { params: { path: { id } } })),
    gcTime: 0,
  });
}

/** Files the right values, sealed; the step that corrects uses them. */
export function useFileValues(id: string) {
  return useMutation({
    mutationFn: (values: Record<string, unknown>) =>
      unwrap(api.PUT("/api/v1/corrections/{id}/values", { params: { path: { id } }, body: { values } })),
    gcTime: 0,
  });
}

/** What a complainant wrote. */
export function useReadComplaint(id: string) {
  return useMutation({
    mutationFn: () => unwrap(api.GET("/api/v1/complaints/{id}/sealed", { params: { path: { id } } })),
    gcTime: 0,
  });
}
