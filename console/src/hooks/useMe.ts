import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { Problem } from "../api/problem";
import { meKey } from "../api/queries";
import type { Me } from "../api/types";

/** Who is signed in; null: nobody. */
export function useMe() {
  return useQuery<Me | null>({
    queryKey: meKey,
    queryFn: async () => {
      try {
        return await unwrap(api.GET("/api/v1/me"));
      } catch (error) {
        if (error instanceof Problem && error.signedOut) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });
}
