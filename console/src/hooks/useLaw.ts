import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** The procedures in force, for the names of stages and fields and the forms that open cases. */
export function useLaw() {
  return useQuery({
    queryKey: ["law"],
    queryFn: () => unwrap(api.GET("/api/v1/law/procedures")),
    staleTime: 10 * 60_000,
  });
}
