import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** Names change seldom. */
const long = 10 * 60_000;

/** A department, for its name. */
export function useDepartment(id: string | undefined) {
  return useQuery({
    queryKey: ["department", id],
    queryFn: () => unwrap(api.GET("/api/v1/departments/{id}", { params: { path: { id: id ?? "" } } })),
    enabled: Boolean(id),
    staleTime: long,
  });
}

/** Systems of a department, as a rule the own one. */
export function useSystems(department: string | undefined) {
  return useQuery({
    queryKey: ["systems", department],
    queryFn: () => unwrap(api.GET("/api/v1/systems", { params: { query: { department } } })),
    enabled: Boolean(department),
    staleTime: long,
  });
}

/** A region, for its name. */
export function useRegion(code: string | undefined) {
  return useQuery({
    queryKey: ["region", code],
    queryFn: () => unwrap(api.GET("/api/v1/regions/{code}", { params: { path: { code: code ?? "" } } })),
    enabled: Boolean(code),
    staleTime: long,
  });
}
