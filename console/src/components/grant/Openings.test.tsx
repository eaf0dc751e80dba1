import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App, ConfigProvider } from "antd";
import { MemoryRouter, Route, Routes } from "react-router";
import { beforeEach, expect, it, vi } from "vitest";
import { newQueryClient } from "../../api/queries";
import type { GrantOpening } from "../../api/types";
import { noContext } from "../form/context";
import { openingName } from "./openings";
import { Openings } from "./Openings";

// In place before the client is made, which holds on to fetch.
const node = vi.hoisted(() => {
  const state = { sent: vi.fn(), answer: { status: 201, body: {} as unknown } };
  globalThis.fetch = async (input) => {
    const request = input as Request;
    if (request.method === "POST") state.sent(new URL(request.url).pathname, await request.json());
    const { status, body } = state.answer;
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
  };
  return state;
});

const notify: GrantOpening = {
  procedure: "suspension",
  procedure_name: "暂停共享",
  action: {
    id: "notify",
    name: "通知整改",
    clause: "CN-27.2",
    fields: [
      { id: "reasons", name: "理由", type: "text", required: true, clause: "CN-27.2" },
      { id: "note", name: "备注", type: "text", required: false },
    ],
  },
};
const dispose: GrantOpening = {
  procedure: "disposal",
  procedure_name: "处置",
  action: { id: "declare", name: "申报", fields: [] },
};

function show() {
  render(
    <QueryClientProvider client={newQueryClient()}>
      <ConfigProvider button={{ autoInsertSpace: false }}>
        <App>
          <MemoryRouter initialEntries={["/grants/g1"]}>
            <Routes>
              <Route path="/grants/:id" element={<Openings grant="g1" openings={[notify, dispose]} context={noContext} />} />
              <Route path="/cases/:id" element={<p>opened</p>} />
            </Routes>
          </MemoryRouter>
        </App>
      </ConfigProvider>
    </QueryClientProvider>,
  );
}

async function fillIn() {
  const user = userEvent.setup();
  show();
  await user.click(screen.getByText("暂停共享"));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByLabelText(/理由/), "超出用途");
  await user.click(within(dialog).getByText("发起"));
}

beforeEach(() => node.sent.mockReset());

it("opens the case about the grant with what was filled in, and goes to it", async () => {
  node.answer = { status: 201, body: { id: "c9" } };
  await fillIn();
  expect(await screen.findByText("opened")).toBeTruthy();
  expect(node.sent).toHaveBeenCalledExactlyOnceWith("/api/v1/cases", {
    procedure: "suspension",
    action: "notify",
    subject: "g1",
    fields: { reasons: "超出用途" },
  });
});

it("stays open with the refusal and the faulty field", async () => {
  node.answer = {
    status: 400,
    body: { detail: "授权已终止", code: "grant_over", errors: [{ field: "fields.reasons", code: "short", message: "理由过短" }] },
  };
  await fillIn();
  const dialog = await screen.findByRole("dialog");
  expect(await within(dialog).findByText("授权已终止")).toBeTruthy();
  expect(within(dialog).getByText("理由过短")).toBeTruthy();
  await waitFor(() => expect(screen.queryByText("opened")).toBeNull());
});

it("asks before it opens what needs no form", async () => {
  const user = userEvent.setup();
  show();
  await user.click(screen.getByText("处置"));
  expect(await screen.findByText("确认就本授权发起“处置”？")).toBeTruthy();
  expect(node.sent).not.toHaveBeenCalled();
});

it("tells ways into the same procedure apart", () => {
  const other = { ...notify, action: { ...notify.action, id: "at_once", name: "立即暂停" } };
  expect(openingName(notify, [notify, dispose])).toBe("暂停共享");
  expect(openingName(other, [notify, other, dispose])).toBe("暂停共享：立即暂停");
});
