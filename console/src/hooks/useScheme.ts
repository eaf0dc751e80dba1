import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** Classes and elements change seldom. */
const long = 10 * 60_000;

/** The whole tree of classes: 类, 项, 目, 细目. */
export function useClasses() {
  return useQuery({
    queryKey: ["classes"],
    queryFn: async () => (await unwrap(api.GET("/api/v1/catalog/classes"))).items,
    staleTime: long,
  });
}

/** Standard data elements whose code, name, English name or alias holds a text. */
export function useElements(q: string, enabled = true) {
  return useQuery({
    queryKey: ["elements", q],
    queryFn: async () => (await unwrap(api.GET("/api/v1/catalog/elements", { params: { query: { q: q || undefined, limit: 20 } } }))).items,
    staleTime: long,
    placeholderData: (before) => before,
    enabled,
  });
}
