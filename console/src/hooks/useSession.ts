import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { signedInAs } from "../api/queries";

interface SignInInput {
  username: string;
  password: string;
  totp?: string;
}

/** Begins a session. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SignInInput) => unwrap(api.POST("/api/v1/session", { body })),
    // Nothing of the person before must be shown to the next one.
    onSuccess: ({ person, department, roles, territory }) =>
      signedInAs(client, { person, department, roles, territory }),
  });
}

/** Ends the session; what was fetched under it is forgotten. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/v1/session")),
    onSettled: () => signedInAs(client, null),
  });
}
