import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** How often waiting work is looked at anew, in milliseconds. */
const rhythm = 60_000;

/** What waits for the signed-in person, most urgent first. */
export function useTodos() {
  return useQuery({
    queryKey: ["todos"],
    queryFn: () => unwrap(api.GET("/api/v1/todos")),
    refetchInterval: rhythm,
  });
}

/** The newest notices. */
export function useNotices() {
  return useQuery({
    queryKey: ["notices"],
    queryFn: () => unwrap(api.GET("/api/v1/notices")),
    refetchInterval: rhythm,
  });
}
