import { DeleteOutlined, MoreOutlined, PlusOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { memo, useCallback, useRef, useState, type ClipboardEvent, type KeyboardEvent } from "react";
import type { Item } from "../../api/types";
import { labelsOf, useVocabulary, useWords } from "../../hooks/useVocabulary";
import { word } from "../../words/labels";
import { GridCell, step, type EditItem } from "./GridCell";
import { gridColumns, mostItems, paste, type CellField, type Named } from "./grid";
import { ItemDrawer } from "./ItemDrawer";
import type { ItemFaults, RowFaults } from "./itemFaults";

interface RowProps {
  at: number;
  item: Item;
  named: Named;
  faults: RowFaults | undefined;
  edit: EditItem;
  onOpen: (at: number) => void;
  onRemove: (at: number) => void;
}

const cells = new Set<string>(gridColumns.map(({ field }) => field));

/** Faults of what is edited beside the table. */
function besideFaults(faults: RowFaults | undefined): string[] {
  return Object.entries(faults ?? {}).flatMap(([field, lines]) => (cells.has(field) ? [] : [...lines]));
}

const Row = memo(function Row({ at, item, named, faults, edit, onOpen, onRemove }: RowProps) {
  const beside = besideFaults(faults);
  const fields = named.get("item_field") ?? {};
  const more = [item.domain && "值域", item.element_note && "数据元说明", item.authoritative && "权威来源", item.level_basis?.reason && "定级理由"].filter(Boolean);
  return (
    <tr>
      <th scope="row">{at + 1}</th>
      {gridColumns.map((column) => (
        <GridCell
          key={column.field}
          column={column}
          at={at}
          item={item}
          label={`第 ${at + 1} 项 ${word(fields, column.field)}`}
          words={column.of && named.get(column.of)}
          faults={faults?.[column.field]}
          edit={edit}
        />
      ))}
      <td className={beside.length > 0 ? "grid-faulty" : undefined}>
        <Button type="text" size="small" icon={<MoreOutlined />} aria-label={`第 ${at + 1} 项的值域等`} onClick={() => onOpen(at)}>
          {more.join("、") || "值域等"}
        </Button>
        {beside.map((line) => (
          <div key={line} role="alert" className="grid-fault">
            {line}
          </div>
        ))}
      </td>
      <td>
        <Button type="text" size="small" danger icon={<DeleteOutlined />} aria-label={`删除第 ${at + 1} 项`} onClick={() => onRemove(at)} />
      </td>
    </tr>
  );
});

const unnamed: Named = new Map();

interface Props {
  id?: string;
  value?: Item[];
  onChange?: (items: Item[]) => void;
  faults: ItemFaults;
  /** Called with the fields that are being mended. */
  onMend: (at: number, fields: readonly string[]) => void;
  /** Called when places no longer mean the same items. */
  onMoved: () => void;
}

/** The data items as a table to type into and to paste a spreadsheet into. */
export function ItemsGrid({ id, value = [], onChange, faults, onMend, onMoved }: Props) {
  const { message } = App.useApp();
  const vocabulary = useVocabulary().data;
  const fields = useWords("item_field");
  const named = vocabulary ? labelsOf(vocabulary) : unnamed;
  const [open, setOpen] = useState<number>();
  // Rows are redrawn only when they change, so what they call stays the same.
  const now = useRef({ items: value, onChange, onMend });
  now.current = { items: value, onChange, onMend };
  const table = useRef<HTMLTableElement>(null);

  const put = useCallback((items: Item[]) => {
    now.current.items = items;
    now.current.onChange?.(items);
  }, []);
  const edit: EditItem = useCallback(
    (at, change) => {
      const { items, onMend } = now.current;
      const before = items[at];
      if (!before) return;
      const after = typeof change === "function" ? change(before) : { ...before, ...change };
      put(items.map((item, place) => (place === at ? after : item)));
      const keys = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Item>;
      onMend(at, [...keys].filter((key) => before[key] !== after[key]));
    },
    [put],
  );
  const add = useCallback(() => {
    const { items } = now.current;
    if (items.length >= mostItems) return;
    put([...items, { code: "" }]);
    setTimeout(() => table.current?.querySelector<HTMLElement>(`[data-row="${items.length}"][data-field="name"]`)?.focus());
  }, [put]);
  const remove = useCallback(
    (at: number) => {
      put(now.current.items.filter((_, place) => place !== at));
      onMoved();
    },
    [put, onMoved],
  );

  const onPaste = (event: ClipboardEvent<HTMLElement>) => {
    const text = event.clipboardData.getData("text/plain");
    const { row, field } = (event.target as HTMLElement).dataset;
    if (!/[\t\n]/.test(text.trimEnd()) || row === undefined || field === undefined) return;
    event.preventDefault();
    const done = paste(now.current.items, Number(row), field as CellField, text, named);
    put(done.items);
    onMoved();
    const told = done.unknown.slice(0, 5).map((cell) => `第 ${cell.row + 1} 项${word(fields, cell.field)}“${cell.text}”`);
    if (done.left > 0) void message.warning(`一个目录条目最多 ${mostItems} 个数据项，有 ${done.left} 行没有贴入`);
    if (told.length > 0) {
      void message.warning(`已贴入 ${done.rows} 行；${done.unknown.length} 个单元格的内容不能识别，保持原样：${told.join("、")}${done.unknown.length > 5 ? " 等" : ""}`, 10);
    } else void message.success(`已贴入 ${done.rows} 行`);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { row, field } = (event.target as HTMLElement).dataset;
    if (step(event) || event.key !== "Enter" || event.nativeEvent.isComposing) return;
    if (field === undefined || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    if (Number(row) === now.current.items.length - 1) add();
  };
  const shown = open === undefined ? undefined : value[open];
  return (
    <div id={id}>
      <p className="quiet">
        可从电子表格复制后直接粘贴到单元格（带表头的按表头对应，空单元格不改动原值）；回车、上下键在同一列中移动，在最后一行回车添加一项。
      </p>
      <div className="grid-frame" onPaste={onPaste} onKeyDown={onKeyDown}>
        <table className="grid" ref={table} aria-label="数据项">
          <colgroup>
            <col style={{ width: 36 }} />
            {gridColumns.map(({ field, width }) => (
              <col key={field} style={{ width }} />
            ))}
            <col style={{ width: 130 }} />
            <col style={{ width: 40 }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">
                <span className="unseen">序号</span>
              </th>
              {gridColumns.map(({ field }) => (
                <th key={field} scope="col">
                  {word(fields, field)}
                </th>
              ))}
              <th scope="col">其他</th>
              <th scope="col">
                <span className="unseen">删除</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {value.map((item, at) => (
              <Row key={at} at={at} item={item} named={named} faults={faults.get(at)} edit={edit} onOpen={setOpen} onRemove={remove} />
            ))}
          </tbody>
        </table>
      </div>
      <Button type="dashed" block icon={<PlusOutlined />} disabled={value.length >= mostItems} onClick={add}>
        添加数据项（现有 {value.length} 项）
      </Button>
      {open !== undefined && shown && <ItemDrawer at={open} item={shown} faults={faults.get(open)} edit={edit} onClose={() => setOpen(undefined)} />}
    </div>
  );
}
