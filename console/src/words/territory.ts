/** What the codes of a territory begin with: 130100 → 1301; of the nation: nothing. */
export function territoryPrefix(root: string): string {
  if (root === "100000") return "";
  let prefix = root;
  while ((prefix.length === 6 || prefix.length === 4) && prefix.endsWith("00")) prefix = prefix.slice(0, -2);
  return prefix;
}
