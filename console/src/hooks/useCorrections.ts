import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { ReportCorrection } from "../api/types";

/** Reports wrong data; what names the record goes sealed, in the body and nowhere else. */
export function useReportCorrection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ReportCorrection) => unwrap(api.POST("/api/v1/corrections", { body })),
    onSuccess: async () => {
      await Promise.all(["todos", "cases"].map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
    // Nothing of the sealed content stays in memory longer than it is used.
    gcTime: 0,
  });
}
