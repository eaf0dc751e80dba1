import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** What the reader may begin. */
export function useStarts() {
  return useQuery({
    queryKey: ["starts"],
    queryFn: async () => (await unwrap(api.GET("/api/v1/starts"))).items,
    staleTime: 10 * 60_000,
  });
}
