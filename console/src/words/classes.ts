import type { Class } from "../api/types";

/** The classes from the top down to a code; empty when there is none of that code. */
export function classTrail(classes: readonly Class[], code: string): Class[] {
  for (const one of classes) {
    if (one.code === code) return [one];
    if (code.startsWith(one.code)) {
      const below = classTrail(one.children ?? [], code);
      if (below.length > 0) return [one, ...below];
    }
  }
  return [];
}
