import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { Problem } from "../api/problem";
import type { CaseView } from "../api/types";

/** What narrows a list of cases. */
export interface CaseFilter {
  procedure?: string;
  stage?: string;
  subject?: string;
  open?: boolean;
}

/** Cases that concern the own department, newest first. */
export function useCases(filter: CaseFilter) {
  return useInfiniteQuery({
    queryKey: ["cases", filter],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/cases", { params: { query: { ...filter, after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
  });
}

/** One case as the reader sees it. */
export function useCase(id: string) {
  return useQuery({
    queryKey: ["case", id],
    queryFn: () => unwrap(api.GET("/api/v1/cases/{id}", { params: { path: { id } } })),
  });
}

/** After a step: the case is what came back, everything that depends on it is asked anew. */
function useMoved() {
  const client = useQueryClient();
  return (view: CaseView) => {
    client.setQueryData(["case", view.id], view);
    for (const key of ["todos", "notices", "cases", "grants", "grant", "resource", "resources", "supervision"]) {
      void client.invalidateQueries({ queryKey: [key] });
    }
  };
}

interface OpenInput {
  procedure: string;
  action?: string;
  subject?: string;
  title?: string;
  parties?: Record<string, string>;
  fields?: Record<string, unknown>;
}

/** Starts a case. */
export function useOpenCase() {
  const moved = useMoved();
  return useMutation({
    mutationFn: (body: OpenInput) => unwrap(api.POST("/api/v1/cases", { body })),
    onSuccess: moved,
  });
}

interface TakeInput {
  action: string;
  fields: Record<string, unknown>;
  /** Version of the case that the reader saw. */
  expect: number;
}

/** Takes a step on a case. */
export function useTakeAction(id: string) {
  const moved = useMoved();
  const client = useQueryClient();
  return useMutation({
    // Somebody else was first: show what the case has become.
    onError: (error) => {
      if (error instanceof Problem && error.status === 409) void client.invalidateQueries({ queryKey: ["case", id] });
    },
    mutationFn: ({ action, ...body }: TakeInput) =>
      unwrap(api.POST("/api/v1/cases/{id}/actions/{action}", { params: { path: { id, action } }, body })),
    onSuccess: moved,
  });
}
