import { Card } from "antd";
import { useParams } from "react-router";
import { DemandCard } from "../components/demand/DemandCard";
import { Matches } from "../components/demand/Matches";
import { PageTitle } from "../components/PageTitle";
import { Waiting } from "../components/Waiting";
import { useDemand, useDemandMatches } from "../hooks/useDemands";

/** One demand, and what there is already that may meet it. */
export function DemandPage() {
  const { id = "" } = useParams();
  const matches = useDemandMatches(id);
  return (
    <Waiting query={useDemand(id)}>
      {(demand) => (
        <>
          <PageTitle title={demand.name} note={`${demand.department_name} · ${demand.number}`} />
          <div className="case-columns">
            <DemandCard demand={demand} link={false} />
            <Card size="small" title="已有的目录和需求">
              <Waiting query={matches}>{(found) => <Matches matches={found} except={id} />}</Waiting>
            </Card>
          </div>
        </>
      )}
    </Waiting>
  );
}
