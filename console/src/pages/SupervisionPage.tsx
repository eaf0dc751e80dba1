import { Alert, Tabs } from "antd";
import { useSearchParams } from "react-router";
import { PageTitle } from "../components/PageTitle";
import { AssessmentPanel } from "../components/supervision/AssessmentPanel";
import { RegionName } from "../components/RegionName";
import { CircularList } from "../components/supervision/CircularList";
import { ClockList } from "../components/supervision/ClockList";
import { OverviewCards } from "../components/supervision/OverviewCards";
import { ViolationList } from "../components/supervision/ViolationList";
import { Waiting } from "../components/Waiting";
import { useMe } from "../hooks/useMe";
import { useOverview } from "../hooks/useSupervision";

function Overall() {
  return <Waiting query={useOverview()}>{(overview) => <OverviewCards overview={overview} />}</Waiting>;
}

const tabs = [
  { key: "overview", label: "总览", children: <Overall /> },
  { key: "clocks", label: "期限", children: <ClockList /> },
  { key: "violations", label: "违规", children: <ViolationList /> },
  { key: "assessment", label: "考核", children: <AssessmentPanel /> },
  { key: "circulars", label: "通报", children: <CircularList /> },
];

/** What an authority watches over in its territory: terms, violations, circulars. */
export function SupervisionPage() {
  const [search, setSearch] = useSearchParams();
  const territory = useMe().data?.territory;
  const chosen = tabs.find((tab) => tab.key === search.get("tab")) ?? tabs[0];
  if (!territory) return <Alert type="info" showIcon message="监督由政务数据共享主管部门的人员办理。" />;
  return (
    <>
      <PageTitle title="监督" note={
          <>
            <RegionName code={territory} />行政区域内各部门的办理期限、违规、考核和通报。
          </>
        } />
      <Tabs
        activeKey={chosen?.key}
        onChange={(tab) => setSearch({ tab }, { replace: true })}
        // A tab asks for its list when it is opened, not before.
        destroyOnHidden
        items={tabs}
      />
    </>
  );
}
