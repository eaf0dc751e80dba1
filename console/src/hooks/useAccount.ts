import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { signedInAs } from "../api/queries";

/** After the own sessions ended: what was fetched under them is forgotten, and the layout leads to the sign-in. */
function useSignedOut() {
  const client = useQueryClient();
  return () => signedInAs(client, null);
}

/** Replaces the own password, which ends every session. */
export function useChangePassword() {
  return useMutation({
    mutationFn: (body: { old: string; new: string }) => unwrap(api.PUT("/api/v1/me/password", { body })),
    onSuccess: useSignedOut(),
    gcTime: 0,
  });
}

/** Ends every session of one's own. */
export function useEndSessions() {
  return useMutation({ mutationFn: () => unwrap(api.DELETE("/api/v1/me/sessions")), onSuccess: useSignedOut() });
}

const totpKey = ["totp"] as const;

/** Whether sign-in asks for a one-time code. */
export function useTOTP() {
  return useQuery({ queryKey: totpKey, queryFn: () => unwrap(api.GET("/api/v1/me/totp")) });
}

/** Begins an enrolment. The secret it gives is kept nowhere but on the page that shows it. */
export function useEnrolTOTP() {
  return useMutation({ mutationFn: () => unwrap(api.POST("/api/v1/me/totp")), gcTime: 0 });
}

/** Ends an enrolment with a first code. */
export function useConfirmTOTP() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (code: string) => unwrap(api.POST("/api/v1/me/totp/confirm", { body: { code } })),
    onSuccess: () => client.setQueryData(totpKey, { enrolled: true }),
    gcTime: 0,
  });
}

/** Unbinds the authenticator, against a code of it. */
export function useRemoveTOTP() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (code: string) => unwrap(api.POST("/api/v1/me/totp/remove", { body: { code } })),
    onSuccess: () => client.setQueryData(totpKey, { enrolled: false }),
    gcTime: 0,
  });
}
