import createClient from "openapi-fetch";
import { toProblem } from "./problem";
import type { paths } from "./schema";

/**
 * The API of the node that served this page. The session travels in an
 * HttpOnly cookie, so that no script here ever holds it.
 */
export const api = createClient<paths>({ baseUrl: location.origin, credentials: "same-origin" });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer, or its refusal thrown as a Problem. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw toProblem(response.status, error);
  // 204 has no body; its callers ask for none.
  return data as T;
}
