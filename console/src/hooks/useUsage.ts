import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { UsageInput } from "../api/types";

/** How the data of a grant were used, newest first. */
export function useUsage(grant: string) {
  return useInfiniteQuery({
    queryKey: ["usage", grant],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/grants/{id}/usage", {
          params: { path: { id: grant }, query: { after: pageParam, limit: 20 } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
  });
}

/** Files a record of use; it cannot be changed afterwards. */
export function useFileUsage(grant: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: UsageInput) =>
      unwrap(api.POST("/api/v1/grants/{id}/usage", { params: { path: { id: grant } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["usage", grant] }),
  });
}
