import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Form } from "antd";
import { useState } from "react";
import { expect, it } from "vitest";
import { factWords } from "../../words/facts";
import { noContext } from "./context";
import { ListEditor } from "./ListEditor";
import { listColumns, rowsOf, tidyRow } from "./lists";
import { filled } from "./model";

function Host({ onValue }: { onValue: (value: unknown) => void }) {
  const [value, setValue] = useState<unknown>();
  return (
    <Form>
      <ListEditor
        columns={listColumns("additions") ?? []}
        value={value}
        onChange={(next) => {
          setValue(next);
          onValue(next);
        }}
      />
    </Form>
  );
}

it("edits a list row by row, each cell with a name of its own", async () => {
  const user = userEvent.setup();
  let value: unknown;
  render(<Host onValue={(next) => (value = next)} />);
  await user.click(screen.getByText("添加一项"));
  await user.type(screen.getByLabelText("第 1 项的采集内容"), "户籍");
  await user.click(screen.getByText("添加一项"));
  await user.type(screen.getByLabelText("第 2 项的更新频率"), "每日");
  expect(value).toEqual([{ name: "户籍" }, { frequency: "每日" }]);
  await user.click(screen.getByLabelText("删除第 1 项"));
  expect(value).toEqual([{ frequency: "每日" }]);
});

it("takes whatever a case holds", () => {
  expect(rowsOf("x")).toEqual([]);
  expect(rowsOf([1, { name: "甲", partial: true }])).toEqual([{}, { name: "甲", partial: "" }]);
  expect(tidyRow({ name: "甲", note: " " })).toEqual({ name: "甲" });
});

it("sends no rows that were never filled", () => {
  expect(filled({ items: [{}, { name: "甲" }], justifications: [{}] })).toEqual({ items: [{ name: "甲" }] });
});

it("tells a row in words", () => {
  const field = { id: "assets", name: "清单", type: "object", required: false };
  const context = { ...noContext, names: { r1: "人口库" } };
  expect(factWords([{ name: "户籍表", resource: "r1" }, { name: "地址" }], field, context)).toBe("户籍表（已有的目录条目：人口库）；地址");
});
