import { Select } from "antd";
import { useState } from "react";
import { useSearch } from "../../hooks/useSearch";
import { useSettled } from "../../hooks/useSettled";
import { plain } from "../search/Marked";

interface Props {
  id?: string;
  value?: string[];
  onChange?: (codes: string[]) => void;
}

/** Codes of other resources, found by name or code. */
export function RelatedPicker({ id, value, onChange }: Props) {
  const [typed, setTyped] = useState("");
  const found = useSearch({ q: useSettled(typed.trim()), many: { state: ["published"] }, tree: {} });
  const hits = found.data?.pages[0]?.hits ?? [];
  return (
    <Select
      id={id}
      mode="multiple"
      allowClear
      maxCount={50}
      placeholder="按名称或代码查找"
      filterOption={false}
      onSearch={setTyped}
      notFoundContent={found.isFetching ? "正在查找" : found.error ? "检索暂不可用" : "没有找到"}
      value={value ?? []}
      onChange={(codes: string[]) => onChange?.(codes)}
      options={hits.map((hit) => ({
        value: plain(hit.code),
        label: `${plain(hit.name)}（${plain(hit.provider_name)}）${plain(hit.code)}`,
      }))}
    />
  );
}
