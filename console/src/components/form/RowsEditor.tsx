import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import { operators, options } from "../../words/labels";
import type { Condition, ItemOption } from "./model";

interface Props {
  items: readonly ItemOption[];
  value?: Condition[];
  onChange?: (value: Condition[]) => void;
  id?: string;
}

const operatorOptions = options(operators);

/** Row scope: conditions that all must hold. None: every row. */
export function RowsEditor({ items, value = [], onChange, id }: Props) {
  const itemOptions = items.map((item) => ({ value: item.code, label: `${item.name}（${item.code}）` }));
  const change = (at: number, part: Partial<Condition>) =>
    onChange?.(value.map((row, i) => (i === at ? { ...row, ...part } : row)));
  return (
    <div id={id} tabIndex={-1} className="rows-editor">
      {value.length === 0 && <p className="quiet">未设条件：申请全部数据行。</p>}
      {value.map((row, at) => (
        // Rows have no identity of their own; the place is the identity.
        <div key={at} className="rows-editor-row">
          <Select
            aria-label={`第 ${at + 1} 个条件的数据项`}
            placeholder="数据项"
            options={itemOptions}
            value={row.item || undefined}
            onChange={(item: string) => change(at, { item })}
          />
          <Select
            aria-label={`第 ${at + 1} 个条件的比较方式`}
            options={operatorOptions}
            value={row.op}
            onChange={(op: string) => change(at, { op })}
          />
          <Select
            aria-label={`第 ${at + 1} 个条件的取值`}
            mode="tags"
            open={false}
            suffixIcon={null}
            tokenSeparators={[",", "，", " "]}
            placeholder="取值，回车确认"
            value={row.values}
            onChange={(values: string[]) => change(at, { values })}
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={`删除第 ${at + 1} 个条件`}
            onClick={() => onChange?.(value.filter((_, i) => i !== at))}
          />
        </div>
      ))}
      <Button
        type="dashed"
        icon={<PlusOutlined />}
        onClick={() => onChange?.([...value, { item: "", op: "eq", values: [] }])}
      >
        添加条件
      </Button>
    </div>
  );
}
