import { Tabs } from "antd";
import { useSearchParams } from "react-router";
import { ClauseTag } from "../components/ClauseTag";
import { PageTitle } from "../components/PageTitle";
import { CutoffList } from "../components/risk/CutoffList";
import { SignalList } from "../components/risk/SignalList";

const tabs = [
  { key: "signals", label: "监测信号", children: <SignalList /> },
  { key: "cutoffs", label: "紧急停止", children: <CutoffList /> },
];

/** What the monitoring saw, and what is stopped (CN-35). */
export function RiskPage() {
  const [search, setSearch] = useSearchParams();
  const chosen = tabs.find((tab) => tab.key === search.get("tab")) ?? tabs[0];
  return (
    <>
      <PageTitle
        title="风险监测"
        aside={<ClauseTag clause="CN-35" />}
        note="本部门作为需求方或者提供方的调用情况；主管部门的审核、审计人员看到本行政区域内的。只有次数、比例和网段，没有查询内容。"
      />
      <Tabs
        activeKey={chosen?.key}
        onChange={(tab) => setSearch({ tab }, { replace: true })}
        destroyOnHidden
        items={tabs}
      />
    </>
  );
}
