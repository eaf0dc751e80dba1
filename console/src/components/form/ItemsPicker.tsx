import { Checkbox, Space, Tag } from "antd";
import { Word } from "../Word";
import type { ItemOption } from "./model";

interface Props {
  items: readonly ItemOption[];
  value?: string[];
  onChange?: (value: string[]) => void;
  id?: string;
}

/** Data items to tick, each with its level and whether it is shown masked. */
export function ItemsPicker({ items, value = [], onChange, id }: Props) {
  if (items.length === 0) return <p className="quiet">没有可选的数据项。</p>;
  const all = items.length > 0 && value.length === items.length;
  return (
    <div id={id} role="group" tabIndex={-1} className="items-picker">
      <Checkbox
        checked={all}
        indeterminate={!all && value.length > 0}
        onChange={(e) => onChange?.(e.target.checked ? items.map((item) => item.code) : [])}
      >
        全选（已选 {value.length} / {items.length}）
      </Checkbox>
      <Checkbox.Group value={value} onChange={onChange} className="items-picker-list">
        {items.map((item) => (
          <Checkbox key={item.code} value={item.code}>
            <Space size={4} wrap>
              <span>{item.name}</span>
              <code>{item.code}</code>
              {item.level && <Tag bordered={false}><Word of="level" code={item.level} /></Tag>}
              {item.masked && (
                <Tag bordered={false} color="gold">
                  脱敏{item.sensitivity && "·"}
                  {item.sensitivity && <Word of="sensitivity" code={item.sensitivity} />}
                </Tag>
              )}
            </Space>
          </Checkbox>
        ))}
      </Checkbox.Group>
    </div>
  );
}
