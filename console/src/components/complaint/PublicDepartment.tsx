import { Select } from "antd";
import { useState } from "react";
import { usePublicDepartments } from "../../hooks/useComplaints";
import { useSettled } from "../../hooks/useSettled";

interface Props {
  id?: string;
  value?: string;
  onChange?: (value: string | undefined) => void;
}

/** A department, found by a part of its name. */
export function PublicDepartment({ id, value, onChange }: Props) {
  const [typed, setTyped] = useState("");
  const [name, setName] = useState("");
  const asked = useSettled(typed.trim(), 400);
  const found = usePublicDepartments(asked);
  const choices = (asked ? (found.data?.items ?? []) : []).map((one) => ({ value: one.id, label: one.name }));
  // What was chosen keeps its name although the search has moved on.
  const rest = value && !choices.some((one) => one.value === value) ? [{ value, label: name }] : [];
  return (
    <Select
      id={id}
      showSearch
      allowClear
      filterOption={false}
      placeholder="输入部门名称的一部分"
      notFoundContent={typed.trim() === "" ? "输入部门名称的一部分查找" : found.isFetching ? "正在查找" : "没有找到"}
      value={value}
      onSearch={setTyped}
      onChange={(next: string | undefined, option) => {
        setName(option && !Array.isArray(option) ? option.label : "");
        onChange?.(next);
      }}
      options={[...choices, ...rest]}
    />
  );
}
