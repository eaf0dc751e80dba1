import type { Grant } from "../../api/types";

/** A text as one word of a POSIX shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A call under a grant, for the engineer of the consuming system. */
export function callExample(grant: Grant, origin: string): string {
  const verify = grant.mode === "verify";
  const first = grant.items[0] ?? "item";
  const body = verify
    ? JSON.stringify({ values: { [first]: "待核验的值" } })
    : JSON.stringify({ items: grant.items.slice(0, 5), limit: 10 });
  return [
    `curl -X POST ${quoted(`${origin}/share/v1/${grant.id}/${verify ? "verify" : "rows"}`)} \\`,
    `  --cert system.pem --key system.key \\`,
    `  -H ${quoted(`Shuqiao-Purpose: ${encodeURIComponent(grant.purpose)}`)} \\`,
    `  -H 'Shuqiao-Operator: operator-account' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(body)}`,
  ].join("\n");
}
