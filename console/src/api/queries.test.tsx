import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { meKey, newQueryClient, signedInAs } from "./queries";

function Who() {
  const me = useQuery({ queryKey: meKey, queryFn: () => Promise.resolve<string | null>("somebody"), staleTime: 60_000 });
  return <output>{me.data === null ? "nobody" : me.data}</output>;
}

it("tells the pages that are open that nobody is signed in, and forgets what was fetched", async () => {
  const client = newQueryClient();
  client.setQueryData(["cases"], ["secret"]);
  render(
    <QueryClientProvider client={client}>
      <Who />
    </QueryClientProvider>,
  );
  expect(await screen.findByText("somebody")).toBeTruthy();
  act(() => signedInAs(client, null));
  expect(await screen.findByText("nobody")).toBeTruthy();
  expect(client.getQueryData(["cases"])).toBeUndefined();
});
