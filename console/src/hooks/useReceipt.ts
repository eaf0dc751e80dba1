import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** The receipt file of an act or a call, as text: it is to be kept as it came. */
export function useReceipt(id: string) {
  return useQuery({
    queryKey: ["receipt", id],
    queryFn: () =>
      unwrap(api.GET("/ledger/v1/entries/{id}/receipt", { params: { path: { id } }, parseAs: "text" })),
  });
}

/** The public key that checkpoints are verified with. */
export function useLedgerKey() {
  return useQuery({
    queryKey: ["ledger-key"],
    queryFn: () => unwrap(api.GET("/ledger/v1/key", { parseAs: "text" })),
    staleTime: Infinity,
  });
}
