import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Button, Form } from "antd";
import { expect, it, vi } from "vitest";
import { toProblem } from "../../api/problem";
import { useFormFaults } from "../../hooks/useFormFaults";
import { WithWords } from "../../test/words";
import type { FormContext, FormField, FormValues } from "./model";
import { ProcedureForm } from "./ProcedureForm";

const fields: FormField[] = [
  { id: "basis", name: "使用依据", type: "text", required: true, max: 1000, clause: "CN-20.2" },
  { id: "items", name: "申请的数据项", type: "texts", required: false },
  { id: "extension_days", name: "延长的工作日数", type: "integer", required: false, min: 1, max: 10 },
  { id: "until", name: "使用时限", type: "date", required: false },
  { id: "rows", name: "数据范围", type: "object", required: false },
];

const context: FormContext = {
  items: [
    { code: "name", name: "姓名", level: "general_3", masked: true, sensitivity: "person_name" },
    { code: "region_code", name: "区划代码", level: "general_1", masked: false, sensitivity: "" },
  ],
  systems: [],
  methods: [],
  purposes: [],
  names: {},
  asked: {},
};

interface HostProps {
  onFinish: (values: FormValues) => void;
  refusal?: unknown;
}

function Host({ onFinish, refusal }: HostProps) {
  const [form] = Form.useForm<FormValues>();
  const faults = useFormFaults(form);
  return (
    <>
      <ProcedureForm form={form} fields={fields} context={context} onFinish={onFinish} onValuesChange={faults.mend} />
      <Button onClick={() => form.submit()}>send</Button>
      <Button onClick={() => faults.show(toProblem(400, refusal), { names: fields.map((f) => f.id) })}>refuse</Button>
      <output>{faults.refusal?.above.join()}</output>
    </>
  );
}

it("asks for what the step requires and sends nothing before", async () => {
  const user = userEvent.setup();
  const onFinish = vi.fn();
  render(<Host onFinish={onFinish} />, { wrapper: WithWords });
  await user.click(screen.getByText("send"));
  expect(await screen.findByText("请填写使用依据")).toBeTruthy();
  expect(onFinish).not.toHaveBeenCalled();
});

it("draws a control for each type and sends JSON values, without blanks", async () => {
  const user = userEvent.setup();
  const onFinish = vi.fn();
  render(<Host onFinish={onFinish} />, { wrapper: WithWords });
  await user.type(screen.getByLabelText(/使用依据/), "履职需要");
  await user.click(screen.getByRole("checkbox", { name: /姓名/ }));
  await user.type(screen.getByRole("spinbutton"), "5");
  await user.type(screen.getByLabelText(/使用时限/), "2026-12-31{Enter}");
  await user.click(screen.getByText("send"));
  await waitFor(() =>
    expect(onFinish).toHaveBeenCalledWith({
      basis: "履职需要",
      items: ["name"],
      extension_days: 5,
      until: "2026-12-31",
    }),
  );
});

it("shows every fault of the server beside its field at once, and the rest above", async () => {
  const user = userEvent.setup();
  render(
    <Host
      onFinish={() => undefined}
      refusal={{
        errors: [
          { field: "fields.basis", code: "too_long", message: "使用依据过长" },
          { field: "until", code: "past", message: "使用时限已过" },
          { field: "title", code: "required", message: "缺少标题" },
        ],
      }}
    />,
    { wrapper: WithWords },
  );
  await user.click(screen.getByText("refuse"));
  for (const [label, message] of [
    ["使用依据", "使用依据过长"],
    ["使用时限", "使用时限已过"],
  ] as const) {
    const found = await screen.findByText(message);
    expect(found.closest(".ant-form-item")?.textContent).toContain(label);
  }
  expect(screen.getByRole("status").textContent).toBe("缺少标题");
  // Typing into a field takes away what was said of it.
  await user.type(screen.getByLabelText(/使用依据/), "短");
  await waitFor(() => expect(screen.queryByText("使用依据过长")).toBeNull());
  expect(screen.getByText("使用时限已过")).toBeTruthy();
});
