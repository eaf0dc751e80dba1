import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** Scores of the territory's departments; days are YYYY-MM-DD, both included. */
export function useAssessment(from: string, to: string) {
  return useQuery({
    queryKey: ["supervision", "assessment", from, to],
    queryFn: () => unwrap(api.GET("/api/v1/assessment", { params: { query: { from, to } } })),
  });
}

/** The same as a spreadsheet. */
export function fetchAssessmentSheet(from: string, to: string): Promise<Blob> {
  return unwrap<Blob>(
    api.GET("/api/v1/assessment.xlsx", { params: { query: { from, to } }, parseAs: "blob" }) as Promise<{
      data?: Blob;
      error?: unknown;
      response: Response;
    }>,
  );
}
