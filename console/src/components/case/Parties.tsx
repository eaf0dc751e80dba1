import { Descriptions } from "antd";
import { Link } from "react-router";
import type { CaseView } from "../../api/types";

/** The procedure's own parties first, then their authorities. */
const rank = (party: string) => (party.includes(".") ? 1 : 0);

/** Superior authorities matter only where the procedure gives them a step. */
const shown = (party: string) => !party.endsWith(".superior");

/** Who takes part in a case, and the catalog entry it is about. */
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
        ...(view.procedure === "application"
          ? [{ key: "subject", label: "信息资源", children: <Link to={`/catalog/${view.subject}`}>查看目录条目</Link> }]
          : []),
      ]}
    />
  );
}
