import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { Entry } from "../api/types";

/** What the rules propose for an entry as it stands in the form; nothing is kept by the server. */
export function useEntryAdvice(entry: Entry) {
  const items = (entry.items ?? []).filter(({ code }) => code);
  const asked: Entry = { name: entry.name ?? "", level: entry.level, personal_info: entry.personal_info, items };
  return useQuery({
    queryKey: ["advice", asked],
    queryFn: ({ signal }) => unwrap(api.POST("/api/v1/catalog/advice", { body: { entry: asked }, signal })),
    enabled: items.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
}

/** What the rules propose for an entry as it was saved; of hosted data the values count too. */
export function useResourceAdvice(id: string | undefined) {
  return useQuery({
    queryKey: ["resource", id, "advice"],
    queryFn: () => unwrap(api.GET("/api/v1/resources/{id}/advice", { params: { path: { id: id ?? "" } } })),
    enabled: Boolean(id),
  });
}
