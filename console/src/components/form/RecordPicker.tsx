import { Input, Select } from "antd";
import { useState } from "react";
import { useLaw } from "../../hooks/useLaw";
import { useMe } from "../../hooks/useMe";
import { useRecords, useUndesignated, type LookedUp, type RecordChoice } from "../../hooks/useRecords";
import { useSettled } from "../../hooks/useSettled";
import { clauseName } from "../../words/clause";
import { libraryDomains, options } from "../../words/labels";
import { liabilityClauses } from "../../words/liability";
import { recordKind, type FormContext, type FormField } from "./model";

interface Props {
  field: FormField;
  context: FormContext;
  id?: string;
  /** An ID, or a list of them for a field of type `ids`. */
  value?: unknown;
  onChange?: (value: unknown) => void;
  /** Name of the control where no label stands before it. */
  label?: string;
}

const listed = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

interface ChoiceProps extends Props {
  choices: readonly RecordChoice[];
  empty: string;
  /** Asks elsewhere for what was typed; without it, the choices are all there are. */
  onSearch?: (q: string) => void;
}

function Choice({ field, context, id, value, onChange, label, choices, empty, onSearch }: ChoiceProps) {
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
      aria-label={label}
      placeholder={label ?? "请选择"}
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

/** Liability clauses in force here, each with its gist. */
function Liability(props: Props) {
  const law = useLaw();
  const choices = liabilityClauses(law.data?.clauses ?? []).map(({ id, article, gist }) => ({
    value: id,
    label: `${clauseName(id, article)}：${gist}`,
  }));
  return <Choice {...props} choices={choices} empty={law.isFetching ? "正在查找" : "没有找到"} />;
}

interface FreeProps extends Props {
  choices: readonly RecordChoice[];
  hint: string;
}

/** One of the choices, or a text of one's own. */
function Free({ id, value, onChange, choices, hint }: FreeProps) {
  const chosen = text(value);
  return (
    <Select
      id={id}
      mode="tags"
      maxCount={1}
      placeholder={hint}
      optionFilterProp="label"
      value={chosen ? [chosen] : []}
      options={[...choices]}
      onChange={(next: string[]) => onChange?.(next.at(-1)?.trim() || undefined)}
    />
  );
}

function Element(props: Props) {
  const mine = useMe().data?.territory;
  const waiting = useUndesignated(Boolean(mine)).data ?? [];
  return (
    <Free
      {...props}
      choices={waiting.map(({ element, items }) => ({
        value: element,
        label: `${element}（${items[0]?.name ?? ""}，${items.length} 处提供，数源部门未明确）`,
      }))}
      hint="标准数据元的代码，输入后按回车"
    />
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
    case "liability":
      return <Liability {...props} />;
    case "element":
      return <Element {...props} />;
    case "domain":
      return <Free {...props} choices={options(libraryDomains)} hint="选择基础库的领域，或者输入主题后按回车" />;
    case "department":
    case "resource":
    case "own_resource":
    case "grant":
    case "case":
    case "case_or_grant":
    case "project":
    case "demand":
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
