import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** Kinds of records that are looked up by a part of their name. */
export type LookedUp = "department" | "resource" | "grant";

/** A record to choose. */
export interface RecordChoice {
  value: string;
  label: string;
}

async function look(kind: LookedUp, q: string): Promise<RecordChoice[]> {
  const query = { q: q || undefined, limit: 20 };
  switch (kind) {
    case "department": {
      const { items } = await unwrap(api.GET("/api/v1/departments", { params: { query } }));
      return items.map((one) => ({ value: one.id, label: one.name }));
    }
    case "resource": {
      const { items } = await unwrap(api.GET("/api/v1/resources", { params: { query } }));
      return items.map((one) => ({ value: one.resource.id, label: `${one.name}（${one.provider_name}）` }));
    }
    case "grant": {
      const { items } = await unwrap(api.GET("/api/v1/grants", { params: { query: { limit: 200 } } }));
      // Grants have no names: the purpose and the end of the number tell them apart.
      return items
        .map((one) => ({ value: one.id, label: `${one.purpose}（…${one.id.slice(-6)}）` }))
        .filter((one) => one.label.includes(q));
    }
  }
}

/** Records whose name contains q. */
export function useRecords(kind: LookedUp, q: string) {
  return useQuery({
    queryKey: ["records", kind, q],
    queryFn: () => look(kind, q),
    placeholderData: (before) => before,
  });
}
