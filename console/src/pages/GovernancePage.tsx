import { Tabs } from "antd";
import { useSearchParams } from "react-router";
import { CollectionDuties } from "../components/governance/CollectionDuties";
import { Exemptions } from "../components/governance/Exemptions";
import { Libraries } from "../components/governance/Libraries";
import { NegativeList } from "../components/governance/NegativeList";
import { QualityOverview } from "../components/governance/QualityOverview";
import { SourceMapPanel } from "../components/governance/SourceMapPanel";
import { TrialPanel } from "../components/governance/TrialPanel";
import { PageTitle } from "../components/PageTitle";

const tabs = [
  { key: "sources", label: "一数一源", children: <SourceMapPanel /> },
  { key: "trial", label: "收集表试比对", children: <TrialPanel /> },
  { key: "duties", label: "采集责任清单", children: <CollectionDuties /> },
  { key: "libraries", label: "基础库和主题库", children: <Libraries /> },
  { key: "negative", label: "负面清单", children: <NegativeList /> },
  { key: "exemptions", label: "非实时汇聚备案", children: <Exemptions /> },
  { key: "quality", label: "质量", children: <QualityOverview /> },
];

/** What keeps the catalog in order: one source for each datum, who collects what, libraries, lists, quality. */
export function GovernancePage() {
  const [search, setSearch] = useSearchParams();
  const chosen = tabs.find((tab) => tab.key === search.get("tab")) ?? tabs[0];
  return (
    <>
      <PageTitle title="目录治理" note="每项数据从哪里来、由谁采集、归入哪里、哪些不予共享，以及质量如何。" />
      <Tabs activeKey={chosen?.key} onChange={(tab) => setSearch({ tab }, { replace: true })} destroyOnHidden items={tabs} />
    </>
  );
}
