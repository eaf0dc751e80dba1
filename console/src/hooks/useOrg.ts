import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { Department } from "../api/types";
import type { components } from "../api/schema";
import { territoryPrefix } from "../words/territory";

type Schemas = components["schemas"];

/** People of a department. */
export function usePeople(department: string, enabled = true) {
  return useQuery({
    queryKey: ["people", department],
    queryFn: async () =>
      (await unwrap(api.GET("/api/v1/departments/{id}/people", { params: { path: { id: department } } }))).items,
    enabled,
  });
}

/** Everything of the organisation that a change may have touched. */
function useStale() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      ["people", "department", "departments", "systems", "me", "totp"].map((key) => client.invalidateQueries({ queryKey: [key] })),
    );
}

/** Files or changes a sharing office (CN-11). */
export function useFileOffice(department: string) {
  return useMutation({
    mutationFn: (body: Schemas["FileSharingOffice"]) =>
      unwrap(api.PUT("/api/v1/departments/{id}/sharing-office", { params: { path: { id: department } }, body })),
    onSuccess: useStale(),
  });
}

/** Opens an account. */
export function useCreatePerson(department: string) {
  return useMutation({
    mutationFn: (body: Schemas["NewPerson"]) =>
      unwrap(api.POST("/api/v1/departments/{id}/people", { params: { path: { id: department } }, body })),
    onSuccess: useStale(),
    gcTime: 0,
  });
}

/** Changes an account. */
export function useEditPerson(id: string) {
  return useMutation({
    mutationFn: (body: Schemas["EditPerson"]) => unwrap(api.PUT("/api/v1/people/{id}", { params: { path: { id } }, body })),
    onSuccess: useStale(),
  });
}

/** Unbinds somebody's lost authenticator. */
export function useResetTOTP() {
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE("/api/v1/people/{id}/totp", { params: { path: { id } } })),
  });
}

/** Registers a system of the own department. */
export function useCreateSystem() {
  return useMutation({
    mutationFn: (body: Schemas["NewSystem"]) => unwrap(api.POST("/api/v1/systems", { body })),
    onSuccess: useStale(),
  });
}

/** Files a system's classified-protection assessment (XN-21). */
export function useFileMLPS(system: string) {
  return useMutation({
    mutationFn: (body: Schemas["MLPS"]) =>
      unwrap(api.PUT("/api/v1/systems/{id}/mlps", { params: { path: { id: system } }, body })),
    onSuccess: useStale(),
  });
}

/** Registers a certificate of a system: its public side alone. */
export function useAddCertificate(system: string) {
  return useMutation({
    mutationFn: (pem: string) =>
      unwrap(api.POST("/api/v1/systems/{id}/credentials", { params: { path: { id: system } }, body: { kind: "cert", pem } })),
    onSuccess: useStale(),
  });
}

/** Ends a credential at once and for ever. */
export function useRevokeCredential(system: string) {
  return useMutation({
    mutationFn: (credential: string) =>
      unwrap(api.DELETE("/api/v1/systems/{id}/credentials/{credential}", { params: { path: { id: system, credential } } })),
    onSuccess: useStale(),
  });
}

/** Pages of departments that are read at most. */
const mostPages = 25;

/** Departments of a territory, those of the governments below it included. */
export function useTerritoryDepartments(root: string | undefined) {
  return useQuery({
    queryKey: ["departments", "territory", root],
    enabled: root !== undefined,
    queryFn: async () => {
      const prefix = territoryPrefix(root ?? "");
      const found: Department[] = [];
      let after: string | undefined;
      for (let page = 0; page < mostPages; page++) {
        const { items, next } = await unwrap(api.GET("/api/v1/departments", { params: { query: { after, limit: 200 } } }));
        found.push(...items.filter(({ region }) => region.startsWith(prefix)));
        if (!next) break;
        after = next;
      }
      return found;
    },
  });
}
