const home = "/todos";

/**
 * Where to go after signing in. Only a path of this console is accepted: the
 * address bar is anybody's to write, and must not lead to another site.
 */
export function safeReturn(to: string | null): string {
  if (!to || !to.startsWith("/") || to.startsWith("//") || to.includes("\\")) return home;
  return to.startsWith("/sign-in") ? home : to;
}
