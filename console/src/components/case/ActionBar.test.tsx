import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "antd";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, it, vi } from "vitest";
import { newQueryClient } from "../../api/queries";
import type { CaseView } from "../../api/types";
import { useCase } from "../../hooks/useCases";
import { noContext } from "../form/context";
import { ActionBar } from "./ActionBar";

// In place before the client is made, which holds on to fetch.
const node = vi.hoisted(() => {
  const state = { sent: vi.fn(), shown: {} as unknown, answer: { status: 200, body: {} as unknown } };
  globalThis.fetch = async (input) => {
    const request = input as Request;
    const post = request.method === "POST";
    if (post) state.sent(await request.json());
    const { status, body } = post ? state.answer : { status: 200, body: state.shown };
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
  };
  return state;
});

const before: CaseView = {
  id: "c1", number: "申请-2026-000001", procedure: "application", procedure_name: "共享申请", rules: "r", region: "130000",
  subject: "s", title: "t", stage: "received", stage_name: "待提供部门答复", final: false, version: 3, parties: [], names: {},
    facts: {},
  clocks: [], acts: [], relations: [], opened_at: "2026-01-01T00:00:00Z", moved_at: "2026-01-01T00:00:00Z",
  actions: [
    {
      id: "refuse",
      name: "不同意共享",
      fields: [{ id: "reasons", name: "理由", type: "text", required: true, clause: "CN-21.2" }],
    },
  ],
};
const after: CaseView = { ...before, version: 4, stage: "refused", stage_name: "不同意共享", final: true, actions: [] };

// As on the case page: what the step answers becomes the case that is shown.
function Sheet() {
  const view = useCase("c1").data;
  return view ? <ActionBar view={view} context={noContext} /> : null;
}

beforeEach(() => {
  node.sent.mockReset();
  node.shown = before;
});

async function refuse() {
  const user = userEvent.setup();
  render(
    <QueryClientProvider client={newQueryClient()}>
      <App>
        <MemoryRouter>
          <Sheet />
        </MemoryRouter>
      </App>
    </QueryClientProvider>,
  );
  await user.click(await screen.findByText("不同意共享"));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByRole("textbox"), "另有规定");
  await user.click(within(dialog).getByText("确认办理"));
}

it("sends the step with the version seen, and closes when it was taken", async () => {
  node.answer = { status: 200, body: after };
  await refuse();
  await waitFor(() => expect(node.sent).toHaveBeenCalledWith({ fields: { reasons: "另有规定" }, expect: 3 }));
  expect(await screen.findByText(/已办理/)).toBeTruthy();
  await waitFor(() => expect(screen.queryByText("确认办理")).toBeNull());
});

it("stays open with the refusal, its clause and the faulty field", async () => {
  node.answer = {
    status: 400,
    body: {
      detail: "拒绝须说明法律依据",
      code: "reasons_invalid",
      basis: "CN-21.2",
      errors: [{ field: "fields.reasons", code: "too_short", message: "理由过短" }],
    },
  };
  await refuse();
  const dialog = await screen.findByRole("dialog");
  expect(await within(dialog).findByText("拒绝须说明法律依据")).toBeTruthy();
  expect(within(dialog).getByText("理由过短")).toBeTruthy();
  expect(within(dialog).getAllByLabelText("依据《政务数据共享条例》第二十一条第二款").length).toBeGreaterThan(0);
});
