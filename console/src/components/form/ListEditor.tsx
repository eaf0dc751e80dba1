import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { AutoComplete, Button, Form, Input } from "antd";
import { noContext } from "./context";
import { rowsOf, tidyRow, type ListColumn } from "./lists";
import { RecordPicker } from "./RecordPicker";

interface Props {
  columns: readonly ListColumn[];
  value?: unknown;
  onChange?: (value: unknown) => void;
  id?: string;
}

interface CellProps {
  column: ListColumn;
  label: string;
  value: string;
  onChange: (value: string) => void;
}

function Cell({ column, label, value, onChange }: CellProps) {
  const form = Form.useFormInstance();
  const other: unknown = Form.useWatch(column.from?.[0] ?? [], form);
  if (column.kind === "resource") {
    return (
      <RecordPicker
        field={{ id: column.key, name: label, type: "id", required: false, record: "resource" }}
        context={noContext}
        label={label}
        value={value}
        onChange={(next) => onChange(typeof next === "string" ? next : "")}
      />
    );
  }
  const [, key = ""] = column.from ?? [];
  if (column.from) {
    const names = rowsOf(other).flatMap((row) => row[key] || []);
    return (
      <AutoComplete
        aria-label={label}
        placeholder={column.name}
        value={value}
        onChange={onChange}
        options={names.map((name) => ({ value: name }))}
      />
    );
  }
  return (
    <Input
      aria-label={label}
      placeholder={column.required ? `${column.name}（必填）` : column.name}
      maxLength={column.max}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** A list of structures, a row for each. */
export function ListEditor({ columns, value, onChange, id }: Props) {
  const rows = rowsOf(value);
  const put = (next: readonly Readonly<Record<string, string>>[]) => onChange?.(next);
  return (
    <div id={id} tabIndex={-1} className="rows-editor">
      {rows.map((row, at) => (
        // Rows have no identity of their own; the place is the identity.
        <div key={at} className="list-editor-row">
          {columns.map((column) => (
            <Cell
              key={column.key}
              column={column}
              label={`第 ${at + 1} 项的${column.name}`}
              value={row[column.key] ?? ""}
              onChange={(part) => put(rows.map((one, i) => (i === at ? tidyRow({ ...one, [column.key]: part }) : one)))}
            />
          ))}
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={`删除第 ${at + 1} 项`}
            onClick={() => put(rows.filter((_, i) => i !== at))}
          />
        </div>
      ))}
      <Button type="dashed" icon={<PlusOutlined />} onClick={() => put([...rows, {}])}>
        添加一项
      </Button>
    </div>
  );
}
