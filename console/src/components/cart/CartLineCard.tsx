import { Alert, Button, Card, Checkbox, Form, Select } from "antd";
import { Link } from "react-router";
import type { CartChoice, CartLine, CartNote } from "../../api/types";
import { useResource } from "../../hooks/useCatalog";
import { useWords } from "../../hooks/useVocabulary";
import { modes, options, word } from "../../words/labels";
import { AttributeTag } from "../AttributeTag";
import { ClauseTag } from "../ClauseTag";
import { itemOption } from "../form/context";
import { ItemsPicker } from "../form/ItemsPicker";
import { RowsEditor } from "../form/RowsEditor";

interface Props {
  line: CartLine;
  choice: CartChoice;
  chosen: boolean;
  /** What the server had against this entry when it was applied for. */
  faults: readonly string[];
  onChoose: (chosen: boolean) => void;
  onChange: (choice: CartChoice) => void;
  onRemove: () => void;
}

/** Where a line stands in the page. */
export const lineID = (resource: string) => `cart-${resource}`;

function Note({ note }: { note: CartNote }) {
  const about =
    note.about && (note.code === "already_granted" ? `/grants/${note.about}` : note.code === "already_applied" ? `/cases/${note.about}` : undefined);
  return (
    <Alert
      className="gap-below"
      type={note.blocks ? "error" : "info"}
      showIcon
      message={
        <>
          {note.message} <ClauseTag clause={note.basis} /> {about && <Link to={about}>查看</Link>}
        </>
      }
    />
  );
}

/** One entry of the cart: what is chosen of it, and what stands against it. */
export function CartLineCard({ line, choice, chosen, faults, onChoose, onChange, onRemove }: Props) {
  const methodWords = useWords("method");
  const detail = useResource(line.resource).data;
  const items = (detail?.published?.entry.items ?? []).map(itemOption);
  const offered = items.filter(({ code }) => line.offered.some((one) => one.code === code && one.attribute !== "withheld"));
  const picked = choice.items ?? [];
  const masked = offered.filter((item) => item.masked && picked.includes(item.code));
  return (
    <Card
      id={lineID(line.resource)}
      size="small"
      className="panel"
      title={
        <span className="cart-line-title">
          <Checkbox checked={chosen} onChange={(event) => onChoose(event.target.checked)} aria-label={`申请${line.name ?? ""}`} />
          <Link to={`/catalog/${line.resource}`}>{line.name ?? "（已不能查看的目录条目）"}</Link>
          <AttributeTag attribute={line.attribute} />
        </span>
      }
      extra={
        <Button type="text" size="small" onClick={onRemove}>
          移出
        </Button>
      }
    >
      {faults.length > 0 && (
        <Alert
          className="gap-below"
          type="error"
          role="alert"
          message={
            <ul className="plain-list">
              {faults.map((fault) => (
                <li key={fault}>{fault}</li>
              ))}
            </ul>
          }
        />
      )}
      {line.notes.map((note) => (
        <Note key={`${note.field}/${note.code}/${note.about ?? ""}`} note={note} />
      ))}
      {chosen && offered.length > 0 && (
        <Form layout="vertical" component="div">
          <Form.Item label="数据项" required>
            <ItemsPicker items={offered} value={picked} onChange={(next) => onChange({ ...choice, items: next })} />
          </Form.Item>
          {masked.length > 0 && (
            <Form.Item label="需要明文的数据项">
              <ItemsPicker
                items={masked}
                value={(choice.clear_items ?? []).filter((code) => picked.includes(code))}
                onChange={(next) => onChange({ ...choice, clear_items: next })}
              />
            </Form.Item>
          )}
          <Form.Item label="数据范围">
            <RowsEditor
              items={offered}
              value={(choice.rows ?? []).map(({ item, op, values }) => ({ item, op, values: values ?? [] }))}
              // The editor offers the server's comparisons and no other.
              onChange={(rows) => onChange({ ...choice, rows: rows as CartChoice["rows"] })}
            />
          </Form.Item>
          <div className="form-grid">
            {line.methods.length > 1 && (
              <Form.Item label="共享方式" required>
                <Select
                  aria-label={`${line.name ?? ""}的共享方式`}
                  placeholder="请选择"
                  value={choice.method}
                  options={line.methods.map((value) => ({ value, label: word(methodWords, value) }))}
                  onChange={(method: CartChoice["method"]) => onChange({ ...choice, method })}
                />
              </Form.Item>
            )}
            <Form.Item label="调用方式">
              <Select
                aria-label={`${line.name ?? ""}的调用方式`}
                allowClear
                placeholder="同共同填写的"
                value={choice.mode}
                options={options(modes)}
                onChange={(mode: CartChoice["mode"]) => onChange({ ...choice, mode })}
              />
            </Form.Item>
          </div>
        </Form>
      )}
    </Card>
  );
}
