import { AutoComplete } from "antd";
import { useState } from "react";
import type { Element } from "../../api/types";
import { useElements } from "../../hooks/useScheme";
import { useSettled } from "../../hooks/useSettled";
import { Word } from "../Word";
import { sizeWords } from "../ItemTable";

interface Props {
  label: string;
  value: string | undefined;
  /** Name of the item: what is proposed while nothing was typed. */
  name: string | undefined;
  onChange: (code: string) => void;
  onChoose: (element: Element) => void;
  onLeave: () => void;
}

/** Standard data element of an item, proposed by the item's name and found by a part of its own. */
export function ElementInput({ label, value, name, onChange, onChoose, onLeave }: Props) {
  const [typed, setTyped] = useState<string>();
  const q = useSettled((typed ?? name ?? "").trim(), 200);
  const found = useElements(q).data ?? [];
  return (
    <AutoComplete
      autoFocus
      defaultOpen
      allowClear
      size="small"
      className="wide"
      aria-label={label}
      popupMatchSelectWidth={320}
      value={value ?? ""}
      notFoundContent={q ? "没有相近的标准数据元" : "没有标准数据元"}
      options={found.map(({ element }) => ({
        value: element.code,
        label: (
          <>
            {element.name} <code>{element.code}</code>{" "}
            <span className="quiet">
              <Word of="item_type" code={element.type} />
              {sizeWords(element)}
            </span>
          </>
        ),
      }))}
      onChange={(code: string) => {
        setTyped(code);
        onChange(code);
      }}
      onSelect={(code: string) => {
        const chosen = found.find(({ element }) => element.code === code);
        if (chosen) onChoose(chosen.element);
      }}
      onBlur={onLeave}
    />
  );
}
