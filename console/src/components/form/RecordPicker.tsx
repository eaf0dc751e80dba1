import { Input, Select } from "antd";
import { useState } from "react";
import { useRecords, type LookedUp, type RecordChoice } from "../../hooks/useRecords";
import { useSettled } from "../../hooks/useSettled";
import { recordKind, type FormContext, type FormField } from "./model";

interface Props {
  field: FormField;
  context: FormContext;
  id?: string;
  /** An ID, or a list of them for a field of type `ids`. */
  value?: unknown;
  onChange?: (value: unknown) => void;
}

const listed = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

interface ChoiceProps extends Props {
  choices: readonly RecordChoice[];
  empty: string;
  /** Asks elsewhere for what was typed; without it, the choices are all there are. */
  onSearch?: (q: string) => void;
}

function Choice({ field, context, id, value, onChange, choices, empty, onSearch }: ChoiceProps) {
  const many = field.type === "ids";
  const chosen = many ? listed(value) : [text(value)].filter((one) => one !== undefined);
  // What was chosen before stays readable although the search no longer finds it.
  const rest = chosen
    .filter((one) => !choices.some((choice) => choice.value === one))
    .map((one) => ({ value: one, label: context.names[one] ?? one }));
  return (
    <Select
      id={id}
      mode={many ? "multiple" : undefined}
      showSearch
      allowClear
      placeholder="请选择"
      optionFilterProp="label"
      filterOption={onSearch ? false : undefined}
      onSearch={onSearch}
      notFoundContent={empty}
      value={many ? chosen : chosen[0]}
      onChange={(next: unknown) => onChange?.(next)}
      options={[...choices, ...rest]}
    />
  );
}

function Lookup({ kind, ...props }: Props & { kind: LookedUp }) {
  const [typed, setTyped] = useState("");
  const found = useRecords(kind, useSettled(typed.trim()));
  return (
    <Choice {...props} choices={found.data ?? []} empty={found.isFetching ? "正在查找" : "没有找到"} onSearch={setTyped} />
  );
}

/** Names records by choosing them; what this console cannot look up is typed by its number. */
export function RecordPicker(props: Props) {
  const { field, context, id, value, onChange } = props;
  const kind = recordKind(field);
  switch (kind) {
    case "system": {
      const choices = context.systems.map((system) => ({
        value: system.id,
        label: system.warning ? `${system.name}（${system.warning}）` : system.name,
      }));
      return <Choice {...props} choices={choices} empty="本部门尚未登记信息系统" />;
    }
    case "department":
    case "resource":
    case "grant":
      return <Lookup {...props} kind={kind} />;
    default:
      return field.type === "ids" ? (
        <Select
          id={id}
          mode="tags"
          open={false}
          suffixIcon={null}
          placeholder="输入编号后按回车"
          value={listed(value)}
          onChange={onChange}
        />
      ) : (
        <Input
          id={id}
          maxLength={64}
          placeholder="编号"
          value={text(value) ?? ""}
          onChange={(event) => onChange?.(event.target.value.trim())}
        />
      );
  }
}
