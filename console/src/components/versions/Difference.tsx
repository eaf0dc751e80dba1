import { Alert, Empty, Tag } from "antd";
import type { Difference as Diff, FieldChange, ItemChange } from "../../api/types";
import { labelsOf, useVocabulary } from "../../hooks/useVocabulary";
import { changeWords } from "../../words/change";
import { ProblemAlert } from "../ProblemAlert";
import { StartingUp } from "../StartingUp";
import { useDifference } from "../../hooks/useCatalog";

function Changes({ of, changes }: { of: "entry" | "item"; changes: readonly FieldChange[] }) {
  const vocabulary = useVocabulary().data;
  const named = vocabulary && labelsOf(vocabulary);
  if (changes.length === 0) return null;
  return (
    <table className="diff">
      <thead className="unseen">
        <tr>
          <th scope="col">字段</th>
          <th scope="col">原来</th>
          <th scope="col">改为</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.field}>
            <th scope="row">{change.name}</th>
            <td className="diff-from">{changeWords(of, change.field, change.from, named) || <span className="quiet">（空）</span>}</td>
            <td className="diff-to">{changeWords(of, change.field, change.to, named) || <span className="quiet">（空）</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const kinds = {
  added: { name: "新增", colour: "green" },
  removed: { name: "删除", colour: "red" },
  changed: { name: "修改", colour: "blue" },
  renamed: { name: "改代码", colour: "gold" },
} as const;

/** Whether a value says anything: of a new item all else goes without saying. */
const says = (value: unknown) => value !== null && value !== undefined && value !== "" && value !== false && value !== 0;

function ItemDiff({ item }: { item: ItemChange }) {
  const kind = kinds[item.kind];
  return (
    <li className="diff-item">
      <div>
        <Tag color={kind.colour}>{kind.name}</Tag>
        {item.name} {item.was && <><code>{item.was}</code> → </>}
        <code>{item.code}</code>
      </div>
      {/* Of an item that is new or gone the fields are all of it. */}
      {item.kind !== "removed" && <Changes of="item" changes={item.kind === "added" ? item.fields.filter(({ to }) => says(to)) : item.fields} />}
    </li>
  );
}

function Told({ diff }: { diff: Diff }) {
  const same = diff.fields.length === 0 && diff.items.length === 0 && (diff.order ?? []).length === 0;
  if (same) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="两个版本的内容相同" />;
  return (
    <>
      {diff.fields.length > 0 && (
        <>
          <h3 className="small-title">目录条目（{diff.fields.length} 处）</h3>
          <Changes of="entry" changes={diff.fields} />
        </>
      )}
      {diff.items.length > 0 && (
        <>
          <h3 className="small-title">数据项（{diff.items.length} 项）</h3>
          <ul className="plain-list diff-items">
            {diff.items.map((item) => (
              <ItemDiff key={`${item.kind}/${item.code}`} item={item} />
            ))}
          </ul>
        </>
      )}
      {diff.items.length === 0 && (diff.order ?? []).length > 0 && (
        <Alert type="info" message={`数据项的次序改为：${(diff.order ?? []).join("、")}`} />
      )}
    </>
  );
}

/** What differs between two versions, field by field and item by item. */
export function Difference({ resource, from, to }: { resource: string; from: number; to: number }) {
  const diff = useDifference(resource, from, to);
  if (diff.data) return <Told diff={diff.data} />;
  if (diff.error) return <ProblemAlert error={diff.error} onRetry={() => void diff.refetch()} />;
  return <StartingUp />;
}
