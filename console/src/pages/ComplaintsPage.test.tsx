import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App, ConfigProvider } from "antd";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, it, vi } from "vitest";
import { newQueryClient } from "../api/queries";
import { lodging } from "../components/complaint/lodging";
import { ComplaintsPage } from "./ComplaintsPage";

// In place before the client is made, which holds on to fetch.
const node = vi.hoisted(() => {
  const asked: { method: string; url: string; code: string | null; body: string }[] = [];
  const answers = new Map<string, unknown>();
  globalThis.fetch = async (input) => {
    const request = input as Request;
    const url = new URL(request.url);
    asked.push({ method: request.method, url: url.pathname + url.search, code: request.headers.get("Complaint-Code"), body: await request.text() });
    return new Response(JSON.stringify(answers.get(url.pathname) ?? { items: [] }), {
      status: request.method === "POST" ? 201 : 200,
      headers: { "Content-Type": "application/json" },
    });
  };
  return { asked, answers };
});

function show() {
  render(
    <QueryClientProvider client={newQueryClient()}>
      <ConfigProvider button={{ autoInsertSpace: false }}>
        <App>
          <MemoryRouter>
            <ComplaintsPage />
          </MemoryRouter>
        </App>
      </ConfigProvider>
    </QueryClientProvider>,
  );
}

beforeEach(() => {
  node.asked.length = 0;
  node.answers.clear();
});

it("sends what was said without blanks, and shows number and code to keep", async () => {
  node.answers.set("/public/v1/departments", { items: [{ id: "d1", name: "示例市民政局", region: "130100" }] });
  node.answers.set("/public/v1/complaints", { number: "TS-2026-000012", code: "ABCDE-FGHJK", department: "示例市数据局" });
  const user = userEvent.setup();
  show();
  await user.type(screen.getByLabelText("被反映的部门"), "民政");
  await user.click(await screen.findByText("示例市民政局"));
  await user.click(screen.getByLabelText("反映的问题"));
  await user.click(await screen.findByText("重复收集"));
  await user.type(screen.getByLabelText("投诉举报内容"), "多次要求提交同一材料");
  await user.click(screen.getByText("提交", { selector: "button span" }));
  expect(await screen.findByText("ABCDE-FGHJK")).toBeTruthy();
  expect(screen.getByText("TS-2026-000012")).toBeTruthy();
  expect(screen.getByText(/只显示这一次/)).toBeTruthy();
  const post = node.asked.find(({ method }) => method === "POST");
  expect(JSON.parse(post?.body ?? "")).toEqual({ about: "d1", kind: "repeated_collection", text: "多次要求提交同一材料" });
});

it("sends the code in a header, never in an address", async () => {
  node.answers.set("/public/v1/complaints/TS-2026-000012", {
    number: "TS-2026-000012", kind: "leak", stage: "accepted", stage_name: "办理中", department: "示例市数据局",
    lodged_at: "2026-03-02T02:00:00Z", closed: false, overdue: false, events: [{ at: "2026-03-02T02:00:00Z", what: "收到" }],
  });
  const user = userEvent.setup();
  show();
  await user.click(screen.getByText("查询办理情况"));
  await user.type(await screen.findByLabelText("编号"), " TS-2026-000012 ");
  await user.type(screen.getByLabelText("查询码"), "ABCDE-FGHJK");
  await user.click(screen.getByText("查询", { selector: "button span" }));
  expect(await screen.findByText("办理中")).toBeTruthy();
  await waitFor(() => expect(node.asked).toHaveLength(1));
  expect(node.asked[0]?.code).toBe("ABCDE-FGHJK");
  expect(node.asked[0]?.url).not.toContain("ABCDE");
});

it("leaves out what is blank", () => {
  expect(lodging({ kind: "leak", text: " 泄露了信息 ", name: " ", contact: "" })).toEqual({
    kind: "leak", text: "泄露了信息", about: undefined, handler: undefined, name: undefined, contact: undefined,
  });
});
