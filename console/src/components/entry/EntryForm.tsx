import { Button, Card, Form } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { problemOf } from "../../api/problem";
import type { Entry, Item } from "../../api/types";
import { useFormFaults } from "../../hooks/useFormFaults";
import { ProblemAlert } from "../ProblemAlert";
import { AdvicePanel } from "./AdvicePanel";
import { Basics } from "./Basics";
import type { EditItem } from "./GridCell";
import { mended, partFaults, type ItemFaults } from "./itemFaults";
import { ItemsGrid } from "./ItemsGrid";
import { labelled } from "./labelled";
import { Sharing } from "./Sharing";
import { tidyEntry } from "./tidy";

interface Props {
  initial?: Entry;
  /** The resource that is edited; nothing for a new one. */
  resource?: string;
  saving: boolean;
  /** Words of the button. */
  saveText?: string;
  error: unknown;
  onSave: (entry: Entry) => void;
}

const names = [
  "name", "class_code", "abstract", "format", "format_kind", "frequency", "attribute", "methods", "use_conditions",
  "scope_of_use", "purposes", "legal_basis", "withheld_reason", "level", "category", "personal_info", "collection",
  "upstream", "source_system", "duty_basis", "contact", "open_attribute", "secrecy_marking", "related", "items",
];
const shape = { names };

const noFaults: ItemFaults = new Map();

/**
 * Form of a catalog entry. A draft may be incomplete, so that only the name
 * and the class code, of which the resource's code is made, are asked for here;
 * the server tells at submission everything that is missing, each fault at its
 * field or cell.
 */
export function EntryForm({ initial, resource, saving, saveText = "保存草稿", error, onSave }: Props) {
  const [form] = Form.useForm<Entry>();
  const faults = useFormFaults(form);
  const { show, clear, mend } = faults;
  const [cells, setCells] = useState(noFaults);
  const jump = useRef(false);
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => {
    setCells(noFaults);
    if (!error) {
      clear();
      return;
    }
    const { rest, items } = partFaults(problemOf(error));
    setCells(items);
    show(rest, shape);
    jump.current = rest.fields.length === 0;
  }, [error, show, clear]);
  // Once the faulty cells are drawn, unless a field above them is at fault as well.
  useEffect(() => {
    if (!jump.current || cells.size === 0) return;
    jump.current = false;
    frame.current?.querySelector(".grid-faulty")?.scrollIntoView({ block: "center", inline: "nearest" });
  }, [cells]);

  const onMend = useCallback((at: number, fields: readonly string[]) => setCells((before) => mended(before, at, fields)), []);
  const onMoved = useCallback(() => setCells(noFaults), []);
  const edit: EditItem = useCallback(
    (at, change) => {
      const items: Item[] = form.getFieldValue("items") ?? [];
      form.setFieldValue(
        "items",
        items.map((item, place) => (place !== at ? item : typeof change === "function" ? change(item) : { ...item, ...change })),
      );
    },
    [form],
  );

  return (
    <Form<Entry>
      form={form}
      layout="vertical"
      initialValues={initial ?? { items: [{ code: "" }] }}
      scrollToFirstError
      onValuesChange={mend}
      // Enter in a field is not the end of an entry with 200 items.
      onKeyDown={(event) => {
        if (event.key === "Enter" && event.target instanceof HTMLInputElement && !event.nativeEvent.isComposing) event.preventDefault();
      }}
      onFinish={(entry) => onSave(tidyEntry({ ...initial, ...entry }))}
    >
      <ProblemAlert
        error={faults.refusal?.problem}
        faults={[
          ...(faults.refusal?.above ?? []),
          ...(cells.size > 0 ? [`数据项中有 ${cells.size} 项需要更正，已在表中逐格标出`] : []),
        ]}
      />
      <div className="form-narrow">
        <Basics />
        <Sharing />
      </div>
      <Card className="panel" size="small" title={labelled("数据项", "CN-13.2")}>
        <div ref={frame}>
          <Form.Item name="items" className="items-field">
            <ItemsGrid faults={cells} onMend={onMend} onMoved={onMoved} />
          </Form.Item>
        </div>
      </Card>
      <div className="form-narrow">
        <AdvicePanel resource={resource} edit={edit} />
      </div>
      <div className="save-bar">
        <Button type="primary" htmlType="submit" loading={saving}>
          {saveText}
        </Button>
      </div>
    </Form>
  );
}
