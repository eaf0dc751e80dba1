import { Empty, Tag } from "antd";
import { Link } from "react-router";
import type { ReverseAffected, ReverseChange } from "../../api/types";
import { useChanges } from "../../hooks/useReverse";
import { word } from "../../words/labels";
import { aspects, changeKinds } from "../../words/reverse";
import { moment } from "../../words/time";
import { Waiting } from "../Waiting";

const colours: Readonly<Record<string, string>> = { added: "green", removed: "red", changed: "gold" };

const listed = (codes: readonly string[]) => codes.map((code) => word(aspects, code)).join("、");

function Affected({ entry }: { entry: ReverseAffected }) {
  const edits = entry.propose === "edit_draft";
  return (
    <li>
      <Link to={`/catalog/${entry.resource}`}>{entry.name}</Link> <code>{entry.code}</code>：
      {edits ? (
        <Link to={`/catalog/${entry.resource}/edit`}>修改草稿</Link>
      ) : (
        <Link to="/start/catalog_update/file">立案更新目录</Link>
      )}
    </li>
  );
}

function Change({ change }: { change: ReverseChange }) {
  return (
    <li className="advice-line">
      <div className="advice-words">
        <Tag color={colours[change.kind]}>{word(changeKinds, change.kind)}</Tag>
        <code>{change.table}</code> {change.aspects.length > 0 && listed(change.aspects)}
        {change.columns.length > 0 && (
          <ul className="plain-list quiet">
            {change.columns.map((column) => (
              <li key={column.column}>
                {word(changeKinds, column.kind)}列 <code>{column.column}</code>
                {column.aspects.length > 0 && `：${listed(column.aspects)}`}
              </li>
            ))}
          </ul>
        )}
      </div>
      <div>
        {change.affected.length > 0 ? (
          <ul className="plain-list">
            {change.affected.map((entry) => (
              <Affected key={entry.resource} entry={entry} />
            ))}
          </ul>
        ) : (
          <span className="quiet">不涉及目录条目</span>
        )}
      </div>
    </li>
  );
}

/** What changed in a database since it was read before, with the entries that it concerns. */
export function SchemaChanges({ source }: { source: string }) {
  return (
    <Waiting query={useChanges(source, true)}>
      {({ from, to, items }) => (
        <>
          <p className="quiet">
            {moment(from.asked_at)} 与 {moment(to.asked_at)} 两次读取之间
          </p>
          {items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="库结构没有变动" />
          ) : (
            <ul className="advice-list">
              {items.map((change) => (
                <Change key={change.table} change={change} />
              ))}
            </ul>
          )}
        </>
      )}
    </Waiting>
  );
}
