import { Card } from "antd";
import type { CaseView } from "../../api/types";
import { useDemandMatches } from "../../hooks/useDemands";
import { Waiting } from "../Waiting";
import { Matches } from "./Matches";

/** A demand is on the board, and compared with what there is, once it was handed in. */
const unannounced = new Set(["drafted", "with_office_head"]);

/** What there is already for a demand that is being handled: who decides on it sees it beside the case. */
export function CaseMatches({ view }: { view: CaseView }) {
  const shown = view.procedure === "demand" && !view.final && !unannounced.has(view.stage);
  const matches = useDemandMatches(view.id, shown);
  if (!shown) return null;
  return (
    <Card size="small" title="已有的目录和相同的需求" className="panel">
      <Waiting query={matches}>{(found) => <Matches matches={found} except={view.id} />}</Waiting>
    </Card>
  );
}
