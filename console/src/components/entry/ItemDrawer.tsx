import { Checkbox, Drawer, Form, Input } from "antd";
import { useState } from "react";
import type { Domain, Item } from "../../api/types";
import { useElements } from "../../hooks/useScheme";
import { useWords } from "../../hooks/useVocabulary";
import { readCodes, writeCodes } from "../../words/domain";
import { word } from "../../words/labels";
import { ClauseTag } from "../ClauseTag";
import { sizeWords } from "../ItemTable";
import { Word } from "../Word";
import type { EditItem } from "./GridCell";
import type { RowFaults } from "./itemFaults";

interface Props {
  at: number;
  item: Item;
  faults: RowFaults | undefined;
  edit: EditItem;
  onClose: () => void;
}

function DomainEditor({ domain, onChange }: { domain: Domain; onChange: (domain: Domain) => void }) {
  // What is typed stays as typed: a half-written line is no code yet.
  const [codes, setCodes] = useState(writeCodes(domain.values ?? []));
  const part = (key: "min" | "max" | "pattern" | "scheme", label: string, hint?: string) => (
    <Form.Item label={label} htmlFor={`domain-${key}`}>
      <Input
        id={`domain-${key}`}
        placeholder={hint}
        value={domain[key] ?? ""}
        onChange={(event) => onChange({ ...domain, [key]: event.target.value })}
      />
    </Form.Item>
  );
  return (
    <>
      <Form.Item
        label={`可以出现的代码（${domain.values?.length ?? 0}）`}
        htmlFor="domain-values"
        extra="每行一个：代码、含义，之间用制表符、空格或等号隔开；可从电子表格粘贴两列"
      >
        <Input.TextArea
          id="domain-values"
          className="mono"
          autoSize={{ minRows: 3, maxRows: 14 }}
          value={codes}
          onChange={(event) => {
            setCodes(event.target.value);
            onChange({ ...domain, values: readCodes(event.target.value) });
          }}
        />
      </Form.Item>
      {part("scheme", "所依据的代码标准", "如 GB/T 2261.1")}
      <div className="form-grid">
        {part("min", "下限", "数值，或者 YYYY-MM-DD")}
        {part("max", "上限", "数值，或者 YYYY-MM-DD")}
      </div>
      {part("pattern", "正则表达式（RE2，须与整个值相符）")}
    </>
  );
}

/** The parts of an item that need more room than a cell. */
export function ItemDrawer({ at, item, faults, edit, onClose }: Props) {
  const fields = useWords("item_field");
  const element = useElements(item.element ?? "", Boolean(item.element)).data?.find((one) => one.element.code === item.element)?.element;
  const lines = Object.values(faults ?? {}).flat();
  const label = (field: keyof Item) => word(fields, field);
  const differs = element && (element.type !== item.type || Boolean(element.length && element.length !== item.length));
  return (
    <Drawer open width={520} title={`第 ${at + 1} 项 ${item.name || item.code}`} onClose={onClose}>
      <Form layout="vertical" component="div">
        {lines.length > 0 && (
          <ul className="plain-list grid-fault" role="alert">
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        {element && (
          <p className="told gap-below">
            标准数据元 {element.name} <code>{element.code}</code>：<Word of="item_type" code={element.type} />
            {sizeWords(element)}。{element.definition}
          </p>
        )}
        {(differs || item.element_note) && (
          <Form.Item label={label("element_note")} htmlFor="item-element-note">
            <Input.TextArea
              id="item-element-note"
              autoSize={{ minRows: 2 }}
              maxLength={500}
              value={item.element_note ?? ""}
              onChange={(event) => edit(at, { element_note: event.target.value || undefined })}
            />
          </Form.Item>
        )}
        {item.element && (
          <Form.Item>
            <Checkbox checked={item.authoritative ?? false} onChange={(event) => edit(at, { authoritative: event.target.checked || undefined })}>
              本条目是该标准数据元的权威来源 <ClauseTag clause="CN-19.2" />
            </Checkbox>
          </Form.Item>
        )}
        <h3 className="small-title">{label("domain")}</h3>
        <DomainEditor key={at} domain={item.domain ?? {}} onChange={(domain) => edit(at, { domain })} />
        <Form.Item label="级别低于规则建议的理由" htmlFor="item-level-reason">
          <Input.TextArea
            id="item-level-reason"
            autoSize={{ minRows: 2 }}
            maxLength={500}
            value={item.level_basis?.reason ?? ""}
            onChange={(event) => edit(at, { level_basis: event.target.value ? { reason: event.target.value } : undefined })}
          />
        </Form.Item>
      </Form>
    </Drawer>
  );
}
