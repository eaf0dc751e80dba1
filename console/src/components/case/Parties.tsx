import { Descriptions } from "antd";
import { Link } from "react-router";
import type { CaseView } from "../../api/types";
import { subjectKind } from "../../words/subject";

/** The procedure's own parties first, then their authorities. */
const rank = (party: string) => (party.includes(".") ? 1 : 0);

/** Superior authorities matter only where the procedure gives them a step. */
const shown = (party: string) => !party.endsWith(".superior");

/** The record that the case is about, where there is a page for it. */
function subject(view: CaseView) {
  switch (subjectKind(view.procedure)) {
    case "resource":
      return [{ key: "subject", label: "信息资源", children: <Link to={`/catalog/${view.subject}`}>查看目录条目</Link> }];
    case "grant":
      return [{ key: "subject", label: "授权", children: <Link to={`/grants/${view.subject}`}>查看授权</Link> }];
    default:
      return [];
  }
}

/** Who takes part in a case, and what it is about. */
export function Parties({ view }: { view: CaseView }) {
  return (
    <Descriptions
      size="small"
      column={1}
      items={[
        ...view.parties.filter(({ party }) => shown(party)).sort((a, b) => rank(a.party) - rank(b.party)).map((party) => ({
          key: party.party,
          label: party.label,
          children: party.name,
        })),
        ...subject(view),
      ]}
    />
  );
}
