import { useMutation, useQueries, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

interface BulkSubject {
  subject: string;
  fields: Record<string, unknown>;
}

interface BulkInput {
  procedure: string;
  action: string;
  fields: Record<string, unknown>;
  subjects: BulkSubject[];
}

/** Opens many cases with one form: all of them or none. */
export function useOpenCases() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BulkInput) => unwrap(api.POST("/api/v1/cases/bulk", { body })),
    onSuccess: async () => {
      await Promise.all(["todos", "cases"].map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
}

/** Several catalog entries, in the order asked for. */
export function useManyResources(ids: readonly string[]) {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: ["resource", id],
      queryFn: () => unwrap(api.GET("/api/v1/resources/{id}", { params: { path: { id } } })),
    })),
  });
}
