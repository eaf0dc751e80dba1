import { Card, Descriptions, Tag } from "antd";
import { Link, useParams } from "react-router";
import type { Grant, GrantView } from "../api/types";
import { DepartmentName } from "../components/DepartmentName";
import { GrantStatus } from "../components/grant/GrantStatus";
import { GrantHistory } from "../components/grant/GrantHistory";
import { GrantMonitoring } from "../components/grant/GrantMonitoring";
import { HowToCall } from "../components/grant/HowToCall";
import { Openings } from "../components/grant/Openings";
import { GrantStarts } from "../components/grant/GrantStarts";
import { Responsibility } from "../components/grant/Responsibility";
import { UsageRecords } from "../components/grant/UsageRecords";
import { PageTitle } from "../components/PageTitle";
import { Waiting } from "../components/Waiting";
import { Word } from "../components/Word";
import { useResource } from "../hooks/useCatalog";
import { useResourceContext } from "../hooks/useFormContext";
import { useGrant } from "../hooks/useGrants";
import { useMe } from "../hooks/useMe";
import { conditionWords } from "../words/facts";
import { modes, word } from "../words/labels";
import { moment } from "../words/time";

function GrantItems({ grant, names }: { grant: Grant; names: ReadonlyMap<string, { name: string; masked: boolean }> }) {
  return (
    <div className="tags">
      {grant.items.map((code) => {
        const item = names.get(code);
        const clear = grant.clear.includes(code);
        return (
          <Tag key={code} color={item?.masked && !clear ? "gold" : undefined}>
            {item?.name ?? code}
            {item?.masked && (clear ? "（明文）" : "（脱敏）")}
          </Tag>
        );
      })}
    </div>
  );
}

function Sheet({ grant }: { grant: GrantView }) {
  const me = useMe().data;
  const detail = useResource(grant.resource).data;
  const own = me?.department.id === grant.consumer;
  const context = useResourceContext(grant.resource, own ? grant.consumer : undefined);
  const names = new Map(context.items.map((item) => [item.code, item]));
  const systems = grant.systems.map((id) => context.systems.find((system) => system.id === id)?.name ?? id);
  const told = new Map([
    ...context.items.map((item) => [item.code, item.name] as const),
    ...context.systems.map((system) => [system.id, system.name] as const),
  ]);
  const title = (detail?.published ?? detail?.pending)?.entry.name ?? "授权";
  const lines = [
    { label: "需求部门", children: <DepartmentName id={grant.consumer} /> },
    { label: "提供部门", children: <DepartmentName id={grant.provider} /> },
    { label: "信息资源", children: <Link to={`/catalog/${grant.resource}`}>{title}（第 {grant.resource_version} 版）</Link> },
    { label: "共享申请", children: <Link to={`/cases/${grant.case}`}>查看办理过程</Link> },
    { label: "数据项", children: <GrantItems grant={grant} names={names} /> },
    {
      label: "数据范围",
      children: grant.rows.length === 0 ? "全部数据行" : grant.rows.map((row) => conditionWords(row, context)).join("；且 "),
    },
    { label: "用途", children: [grant.purpose, ...grant.more_purposes].join("、") },
    { label: "使用场景", children: grant.scenario || "—" },
    { label: "方式", children: <><Word of="method" code={grant.method} /> · {word(modes, grant.mode)}</> },
    { label: "调用系统", children: systems.join("、") },
    { label: "有效期", children: `${moment(grant.not_before)} 至 ${moment(grant.not_after)}` },
    {
      label: "调用上限",
      children: `每秒 ${grant.rate_per_second ?? "按平台缺省"}，每日 ${grant.daily_calls ?? "不限"}`,
    },
    ...grant.third_parties.map((party) => ({
      key: party.id,
      label: "第三方",
      children: `${party.name}：${party.use}（至 ${moment(party.until)}）`,
    })),
    { label: "首次提供", children: grant.delivered_at ? moment(grant.delivered_at) : "尚未调用" },
  ];
  return (
    <>
      <PageTitle
        title={title}
        aside={<GrantStatus grant={grant} />}
        note={`授权编号 ${grant.id}`}
        actions={<GrantStarts grant={grant} />}
      />
      <Openings grant={grant.id} openings={grant.openings} context={context} />
      <Card size="small" className="panel" title="授权内容">
        <Descriptions
          size="small"
          column={{ xs: 1, sm: 1, md: 1, lg: 2, xl: 2, xxl: 2 }}
          items={lines.map((line) => ({ key: line.label, ...line }))}
        />
      </Card>
      {grant.method === "service_api" && <HowToCall grant={grant} />}
      {grant.method === "service_api" && <GrantMonitoring id={grant.id} />}
      <UsageRecords grant={grant} />
      <div className="panels">
        <GrantHistory id={grant.id} names={told} />
        <Responsibility id={grant.id} />
      </div>
    </>
  );
}

/** One grant: what it covers, until when, how to call under it, and what can be started about it. */
export function GrantPage() {
  const { id = "" } = useParams();
  return <Waiting query={useGrant(id)}>{(grant) => <Sheet grant={grant} />}</Waiting>;
}
