import { Card, Timeline } from "antd";
import { Link } from "react-router";
import type { GrantChange } from "../../api/types";
import { useGrantHistory } from "../../hooks/useGrants";
import { useWords } from "../../hooks/useVocabulary";
import { changeWords } from "../../words/grantChange";
import { moment } from "../../words/time";
import { ClauseTag } from "../ClauseTag";
import { DepartmentName } from "../DepartmentName";
import { Waiting } from "../Waiting";

interface Props {
  id: string;
  /** Names of the items and systems that a change may speak of, by code or ID. */
  names: ReadonlyMap<string, string>;
}

function Change({ change, names }: { change: GrantChange; names: Props["names"] }) {
  return (
    <>
      <div className="act-head">
        <strong>{change.name}</strong>
        <ClauseTag clause={change.clause} />
      </div>
      <div className="quiet">
        {moment(change.at)} · {change.department ? <DepartmentName id={change.department} /> : "平台"} ·{" "}
        {change.case && (
          <>
            <Link to={`/cases/${change.case}`}>办件</Link> ·{" "}
          </>
        )}
        <Link to={`/receipts/${change.act}`}>存证</Link>
      </div>
      {change.kind !== "issued" && changeWords(change, names).map((line) => <div key={line}>{line}</div>)}
    </>
  );
}

/** How a grant came to be what it is, newest first; each change with the act that made it. */
export function GrantHistory({ id, names: told }: Props) {
  const names = new Map([...Object.entries(useWords("method")), ...told]);
  return (
    <Card size="small" title="变动记录">
      <Waiting query={useGrantHistory(id)}>
        {({ items }) => (
          <Timeline
            items={[...items]
              .sort((a, b) => b.version - a.version)
              .map((change) => ({ key: `${change.version}/${change.act}`, children: <Change change={change} names={names} /> }))}
          />
        )}
      </Waiting>
    </Card>
  );
}
