import { memo, useState, type KeyboardEvent } from "react";
import type { Item } from "../../api/types";
import type { Labels } from "../../words/labels";
import { citing } from "./advice";
import { ElementInput } from "./ElementInput";
import type { GridColumn } from "./grid";

/** Changes one item: by members, or as a whole. */
export type EditItem = (at: number, change: Partial<Item> | ((item: Item) => Item)) => void;

interface Props {
  column: GridColumn;
  at: number;
  item: Item;
  label: string;
  /** Names of the codes of a choice. Handed down: 800 cells that each ask the cache are slow. */
  words: Labels | undefined;
  faults: readonly string[] | undefined;
  edit: EditItem;
}

function ChoiceCell({ column, at, item, label, words, edit, ...rest }: Omit<Props, "faults"> & { "aria-invalid"?: boolean }) {
  const value = String(item[column.field] ?? "");
  return (
    <select
      {...rest}
      aria-label={label}
      value={value}
      onChange={(event) => edit(at, { [column.field]: event.target.value || undefined })}
    >
      <option value="" />
      {Object.entries(words ?? {}).map(([code, name]) => (
        <option key={code} value={code}>
          {column.of === "item_type" ? `${code} ${name}` : name}
        </option>
      ))}
    </select>
  );
}

function ElementCell({ at, item, label, edit, ...rest }: Omit<Props, "faults" | "column" | "words"> & { "aria-invalid"?: boolean }) {
  const [active, setActive] = useState(false);
  if (!active) {
    return <input {...rest} aria-label={label} value={item.element ?? ""} readOnly onFocus={() => setActive(true)} />;
  }
  return (
    <ElementInput
      label={label}
      value={item.element}
      name={item.name}
      onChange={(element) => edit(at, { element: element || undefined })}
      onChoose={(element) => edit(at, (before) => citing(before, element))}
      onLeave={() => setActive(false)}
    />
  );
}

/** One cell. Plain controls of the browser: a table of 200 rows has 3,000 of them. */
export const GridCell = memo(function GridCell({ column, at, item, label, words, faults, edit }: Props) {
  const marks = {
    "aria-invalid": faults ? true : undefined,
    "data-row": at,
    "data-field": column.field,
  };
  const control = () => {
    switch (column.kind) {
      case "choice":
        return <ChoiceCell column={column} at={at} item={item} label={label} words={words} edit={edit} {...marks} />;
      case "element":
        return <ElementCell at={at} item={item} label={label} edit={edit} {...marks} />;
      case "yes":
        return (
          <input
            {...marks}
            type="checkbox"
            aria-label={label}
            checked={Boolean(item[column.field])}
            onChange={(event) => edit(at, { [column.field]: event.target.checked || undefined })}
          />
        );
      case "number":
        return (
          <input
            {...marks}
            inputMode="numeric"
            aria-label={label}
            maxLength={9}
            value={String(item[column.field] ?? "")}
            onChange={(event) => {
              const digits = event.target.value.replace(/\D/g, "");
              edit(at, { [column.field]: digits ? Number(digits) : undefined });
            }}
          />
        );
      default:
        return (
          <input
            {...marks}
            aria-label={label}
            spellCheck={false}
            value={String(item[column.field] ?? "")}
            onChange={(event) => edit(at, { [column.field]: event.target.value || (column.field === "code" ? "" : undefined) })}
          />
        );
    }
  };
  return (
    <td className={`grid-${column.kind}${faults ? " grid-faulty" : ""}`}>
      {control()}
      {faults?.map((line) => (
        <div key={line} role="alert" className="grid-fault">
          {line}
        </div>
      ))}
    </td>
  );
});

/** Goes from cell to cell: Enter and the arrows up and down keep the column. True: it was such a key. */
export function step(event: KeyboardEvent<HTMLElement>): boolean {
  const target = event.target;
  if (!(target instanceof HTMLInputElement) || event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return false;
  const { row, field } = target.dataset;
  if (row === undefined || field === undefined) return false;
  const down = event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey);
  const up = event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey);
  if (!down && !up) return false;
  event.preventDefault();
  const next = target
    .closest("table")
    ?.querySelector<HTMLElement>(`[data-row="${Number(row) + (down ? 1 : -1)}"][data-field="${field}"]`);
  if (next) {
    next.focus();
    if (next instanceof HTMLInputElement && next.type !== "checkbox") next.select();
  }
  return Boolean(next) || up;
}
