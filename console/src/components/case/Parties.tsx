import { Descriptions } from "antd";
import { Link } from "react-router";
import type { CaseView } from "../../api/types";

const partyNames: Readonly<Record<string, string>> = {
  consumer: "需求部门",
  provider: "提供部门",
  "consumer.authority": "需求部门的主管部门",
  "provider.authority": "提供部门的主管部门",
  "common_superior.authority": "共同的上级主管部门",
};

const order = Object.keys(partyNames);
const rank = (party: string) => (order.includes(party) ? order.indexOf(party) : order.length);

/** Who takes part in a case, and the catalog entry it is about. */
export function Parties({ view }: { view: CaseView }) {
  return (
    <Descriptions
      size="small"
      column={1}
      items={[
        ...[...view.parties].sort((a, b) => rank(a.party) - rank(b.party)).map((party) => ({
          key: party.party,
          label: partyNames[party.party] ?? party.party,
          children: party.name,
        })),
        ...(view.procedure === "application"
          ? [{ key: "subject", label: "信息资源", children: <Link to={`/catalog/${view.subject}`}>查看目录条目</Link> }]
          : []),
      ]}
    />
  );
}
