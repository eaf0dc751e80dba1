import { Alert, Button } from "antd";
import { Link } from "react-router";
import { faultWords } from "../../api/faults";
import type { ReverseOutcome } from "../../api/types";

interface Props {
  outcomes: readonly ReverseOutcome[];
  onEdit: (table: string) => void;
}

/** What became of the drafts that were asked for. */
export function Outcomes({ outcomes, onEdit }: Props) {
  if (outcomes.length === 0) return null;
  const made = outcomes.filter(({ resource }) => resource);
  const refused = outcomes.filter(({ resource }) => !resource);
  return (
    <>
      {made.length > 0 && (
        <Alert
          className="gap-below"
          type="success"
          showIcon
          role="status"
          message={`已编成 ${made.length} 个草稿`}
          description={
            <ul className="plain-list">
              {made.slice(0, 20).map(({ table, resource }) => (
                <li key={table}>
                  <code>{table}</code> → <Link to={`/catalog/${resource?.id}`}>{resource?.code}</Link>
                </li>
              ))}
              {made.length > 20 && (
                <li>
                  等，见<Link to="/catalog?state=draft">编制中的目录</Link>
                </li>
              )}
            </ul>
          }
        />
      )}
      {refused.length > 0 && (
        <Alert
          className="gap-below"
          type="error"
          showIcon
          role="alert"
          message={`${refused.length} 个未能编成`}
          description={
            <ul className="plain-list">
              {refused.map((one) => (
                <li key={one.table}>
                  <code>{one.table}</code>：{one.message}{" "}
                  <Button size="small" onClick={() => onEdit(one.table)}>
                    修改
                  </Button>
                  <ul className="plain-list">
                    {(one.errors ?? []).map((fault) => (
                      <li key={`${fault.field}/${fault.code}`}>{faultWords(fault)}</li>
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
          }
        />
      )}
    </>
  );
}
