import { useMutation, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { LodgeComplaint } from "../api/types";

/** Departments whose name contains q; nothing is asked before something is typed. */
export function usePublicDepartments(q: string) {
  return useQuery({
    queryKey: ["public-departments", q],
    queryFn: () => unwrap(api.GET("/public/v1/departments", { params: { query: { q } } })),
    enabled: q !== "",
    placeholderData: (before) => before,
    staleTime: 10 * 60_000,
  });
}

/** Lodges a complaint; nobody needs to sign in. */
export function useLodge() {
  return useMutation({
    mutationFn: (body: LodgeComplaint) => unwrap(api.POST("/public/v1/complaints", { body })),
  });
}

/** Asks how a complaint stands. The code travels in a header: addresses are logged. */
export function useFollow() {
  return useMutation({
    mutationFn: ({ number, code }: { number: string; code: string }) =>
      unwrap(
        api.GET("/public/v1/complaints/{number}", {
          params: { path: { number }, header: { "Complaint-Code": code } },
        }),
      ),
  });
}
