import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { FileCalendar } from "../api/types";

/** Years of the working calendar. */
export function useCalendar(from: number, to: number) {
  return useQuery({
    queryKey: ["calendar", from, to],
    queryFn: async () => (await unwrap(api.GET("/api/v1/calendar", { params: { query: { from, to } } }))).items,
    staleTime: 60_000,
  });
}

/** Looks at what a notice would change, or files it. */
export function useFileNotice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: FileCalendar) => unwrap(api.POST("/api/v1/calendar/notices", { body })),
    onSuccess: async (outcome) => {
      if (outcome.dry_run) return;
      // Every due date may have moved.
      await Promise.all(["calendar", "todos", "case", "cases", "supervision"].map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
}
