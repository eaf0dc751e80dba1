import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Form, Input, Select, type FormInstance } from "antd";
import type { ItemOption } from "../form/model";
import type { ReportForm } from "./report";

interface Props {
  form: FormInstance<ReportForm>;
  name: "key" | "claims";
  label: string;
  items: readonly ItemOption[];
  note: string;
}

const cells = {
  key: [{ key: "value", name: "值" }],
  claims: [
    { key: "found", name: "收到的值" },
    { key: "right", name: "正确的值" },
  ],
} as const;

/** Lines of an item and its values; none is kept by the browser. */
export function KeyRows({ form, name, label, items, note }: Props) {
  const options = items.map((item) => ({ value: item.code, label: `${item.name}（${item.code}）` }));
  const empty = form.getFieldValue("grant") ? "没有可选的数据项" : "请先选择授权";
  return (
    <Form.Item label={label} required extra={note}>
      <Form.List name={name}>
        {(rows, { add, remove }, { errors }) => (
          <>
            {rows.map((row, at) => (
              <div key={row.key} className="list-editor-row">
                <Form.Item name={[row.name, "item"]} noStyle rules={[{ required: true, message: `请选择第 ${at + 1} 行的数据项` }]}>
                  <Select
                    aria-label={`${label}：第 ${at + 1} 行的数据项`}
                    placeholder="数据项"
                    options={options}
                    notFoundContent={empty}
                  />
                </Form.Item>
                {cells[name].map((cell) => (
                  <Form.Item key={cell.key} name={[row.name, cell.key]} noStyle>
                    <Input
                      aria-label={`${label}：第 ${at + 1} 行${cell.name}`}
                      placeholder={cell.name}
                      maxLength={500}
                      autoComplete="off"
                    />
                  </Form.Item>
                ))}
                {rows.length > 1 && (
                  <Button type="text" icon={<DeleteOutlined />} aria-label={`删除第 ${at + 1} 行`} onClick={() => remove(row.name)} />
                )}
              </div>
            ))}
            <Form.ErrorList errors={errors} />
            <Button type="dashed" icon={<PlusOutlined />} onClick={() => add({})}>
              添加一行
            </Button>
          </>
        )}
      </Form.List>
    </Form.Item>
  );
}
