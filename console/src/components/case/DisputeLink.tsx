import { Button } from "antd";
import { Link } from "react-router";
import type { CaseView } from "../../api/types";
import { useMe } from "../../hooks/useMe";
import { useStarts } from "../../hooks/useStarts";
import { disputeStart, startPath } from "../../words/starts";

/** From a case between two departments to a dispute about it (CN-28). */
export function DisputeLink({ view }: { view: CaseView }) {
  const starts = useStarts().data ?? [];
  const me = useMe().data;
  if (view.procedure === "dispute") return null;
  const parties = Object.fromEntries(view.parties.map(({ party, department }) => [party, department]));
  const start = disputeStart(starts, parties, me?.department.id);
  if (!start) return null;
  return (
    <Link to={startPath(start, view.id)}>
      <Button>提出争议</Button>
    </Link>
  );
}
