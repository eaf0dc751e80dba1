import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { CartChoice } from "../api/types";

const key = ["cart"] as const;

/** What the reader has put aside to apply for. */
export function useCart(enabled = true) {
  return useQuery({ queryKey: key, queryFn: () => unwrap(api.GET("/api/v1/cart")), staleTime: 60_000, enabled });
}

function useStale() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: key });
}

/** Puts an entry in, or changes what is chosen of it. */
export function usePutIntoCart() {
  return useMutation({
    mutationFn: ({ resource, choice }: { resource: string; choice: CartChoice }) =>
      unwrap(api.PUT("/api/v1/cart/entries/{resource}", { params: { path: { resource } }, body: choice })),
    onSuccess: useStale(),
  });
}

/** Takes an entry out. */
export function useTakeOutOfCart() {
  return useMutation({
    mutationFn: (resource: string) =>
      unwrap(api.DELETE("/api/v1/cart/entries/{resource}", { params: { path: { resource } } })),
    onSuccess: useStale(),
  });
}

/** Takes everything out. */
export function useClearCart() {
  return useMutation({ mutationFn: () => unwrap(api.DELETE("/api/v1/cart")), onSuccess: useStale() });
}

interface ApplyInput {
  fields: Record<string, unknown>;
  resources: string[];
  own: Record<string, Record<string, unknown>>;
  propose: boolean;
}

/** Applies for entries of the cart: for all of them or for none. */
export function useApplyCart() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ApplyInput) => unwrap(api.POST("/api/v1/cart/apply", { body })),
    onSuccess: () =>
      Promise.all([key, ["todos"], ["cases"]].map((queryKey) => client.invalidateQueries({ queryKey: [...queryKey] }))),
  });
}
