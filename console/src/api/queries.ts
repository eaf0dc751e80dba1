import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";
import type { Me } from "./types";

/** Key of the query that tells who is signed in. */
export const meKey = ["me"] as const;

/**
 * Makes the cache of what the server told. Whenever any answer says that the
 * session is over, the reader counts as signed out, and the layout leads to
 * the sign-in page and back.
 */
export function newQueryClient(): QueryClient {
  const forget = (error: unknown) => {
    if (error instanceof Problem && error.signedOut) client.setQueryData(meKey, null);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: forget }),
    mutationCache: new MutationCache({ onError: forget }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // A refusal stays a refusal; only a failure to reach the node is worth another try.
        retry: (count, error) => !(error instanceof Problem && error.status < 500) && count < 2,
      },
    },
  });
  return client;
}

/**
 * Changes who is signed in, null being nobody, and forgets everything that was
 * fetched for the one before. The answer to "who" itself is replaced, not
 * removed: a page that is open would not hear of a removed one.
 */
export function signedInAs(client: QueryClient, me: Me | null): void {
  client.setQueryData(meKey, me);
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meKey[0] });
  client.getMutationCache().clear();
}
