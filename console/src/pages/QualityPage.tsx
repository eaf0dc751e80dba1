import { Button, Card, Empty, List, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import type { Me, Quality, QualityPoint, ResourceDetail } from "../api/types";
import { ClauseTag } from "../components/ClauseTag";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { EntryScore } from "../components/quality/EntryScore";
import { running } from "../components/quality/job";
import { JobPanel } from "../components/quality/JobPanel";
import { Outcomes } from "../components/quality/Outcomes";
import { ruleWords } from "../components/quality/rules";
import { RulesForm } from "../components/quality/RulesForm";
import { Scores } from "../components/quality/Scores";
import { TrendChart } from "../components/quality/TrendChart";
import { Waiting } from "../components/Waiting";
import { useResource } from "../hooks/useCatalog";
import { useMe } from "../hooks/useMe";
import { useQuality, useRunQuality } from "../hooks/useQuality";
import { moment } from "../words/time";

const runColumns: TableColumnsType<QualityPoint> = [
  { title: "检查时间", key: "at", render: (_, run) => <Link to={`/receipts/${run.id}`}>{moment(run.at)}</Link> },
  { title: "行数", dataIndex: "rows", key: "rows", align: "right" },
  { title: "目录版本", dataIndex: "entry_version", key: "entry", align: "right", responsive: ["sm"] },
  { title: "规则版本", dataIndex: "rules_version", key: "rules", align: "right", responsive: ["sm"] },
  { title: "总分", key: "total", align: "right", render: (_, run) => run.scores.total.toFixed(1) },
];

/** What the reader may do: the provider's people and the supervisors of its authority measure, its office files rules. */
function mayOf(me: Me | null | undefined, provider: string) {
  const own = me?.department.id === provider;
  const has = (...roles: string[]) => roles.some((role) => me?.roles.includes(role));
  return {
    file: own && has("clerk", "office_head"),
    run: (own && has("clerk", "office_head", "department_head", "engineer")) || (Boolean(me?.territory) && has("supervisor")),
  };
}

function Rules({ quality, detail, mayFile }: { quality: Quality; detail: ResourceDetail; mayFile: boolean }) {
  const [editing, setEditing] = useState(false);
  const items = (detail.published?.entry.items ?? []).map(({ code, name }) => ({ code, name: name ?? code }));
  const { rules, version, filed_at } = quality.rules;
  return (
    <Card
      size="small"
      title="填报的规则"
      extra={mayFile && !editing && <Button size="small" onClick={() => setEditing(true)}>修改规则</Button>}
    >
      {editing ? (
        <RulesForm
          resource={detail.resource.id}
          version={version}
          rules={rules}
          items={items}
          onDone={() => setEditing(false)}
        />
      ) : (
        <>
          <p className="quiet">
            {version > 0 ? `第 ${version} 版，${moment(filed_at)} 填报。` : "尚未填报。"}
            必填、类型和长度、区划代码等规则由目录条目得出，不必填报。
          </p>
          <List
            size="small"
            dataSource={rules}
            rowKey={(rule) => `${rule.item}/${rule.kind}`}
            locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有填报的规则" /> }}
            renderItem={(rule) => (
              <List.Item>
                {items.find(({ code }) => code === rule.item)?.name ?? rule.item}：{ruleWords(rule, (code) => items.find((item) => item.code === code)?.name ?? code)}
              </List.Item>
            )}
          />
        </>
      )}
    </Card>
  );
}

function Sheet({ quality, detail }: { quality: Quality; detail: ResourceDetail }) {
  const me = useMe().data;
  const may = mayOf(me, detail.resource.provider);
  const run = useRunQuality(detail.resource.id);
  const { latest, trend } = quality;
  const names = new Map((detail.published?.entry.items ?? []).map(({ code, name }) => [code, name ?? code]));
  return (
    <>
      <PageTitle
        title={`数据质量：${detail.published?.entry.name ?? detail.resource.code}`}
        aside={<ClauseTag clause="CN-18" />}
        note={
          <>
            只有计数，没有数据值；每次检查写入存证。<Link to={`/catalog/${detail.resource.id}`}>查看目录条目</Link>
          </>
        }
        actions={
          may.run && (
            <Button type="primary" loading={run.isPending} disabled={running(quality.job)} onClick={() => run.mutate()}>
              立即检查
            </Button>
          )
        }
      />
      <ProblemAlert error={run.error} />
      {quality.job && <JobPanel resource={detail.resource.id} job={quality.job} mayStop={may.run} />}
      {quality.entry && (
        <Card size="small" className="panel" title={`目录条目的质量：${quality.entry.score.toFixed(1)} 分`}>
          <EntryScore entry={quality.entry} />
        </Card>
      )}
      {latest ? (
        <>
          <Scores scores={latest.scores} />
          <div className="case-columns">
            <Card size="small" className="panel" title="得分走势">
              <TrendChart trend={trend} />
            </Card>
            <Card size="small" className="panel" title="历次检查" styles={{ body: { padding: 0 } }}>
              <Table<QualityPoint>
                className="numbers"
                rowKey="id"
                columns={runColumns}
                dataSource={trend}
                size="small"
                pagination={trend.length > 5 ? { pageSize: 5, showSizeChanger: false } : false}
              />
            </Card>
          </div>
          <Card
            size="small"
            className="panel"
            title={`最近一次检查的结果（${moment(latest.at)}）`}
            styles={{ body: { padding: 0 } }}
          >
            <Outcomes outcomes={latest.outcomes} names={names} />
          </Card>
          <Rules quality={quality} detail={detail} mayFile={may.file} />
        </>
      ) : (
        <>
          <Card className="panel">
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="尚未检查过数据质量" />
          </Card>
          <Rules quality={quality} detail={detail} mayFile={may.file} />
        </>
      )}
    </>
  );
}

/** Quality of a hosted resource: scores, their course, what each rule found, and the rules (CN-18). */
export function QualityPage() {
  const { id = "" } = useParams();
  const quality = useQuality(id);
  return (
    <Waiting query={useResource(id)}>
      {(detail) => <Waiting query={quality}>{(found) => <Sheet quality={found} detail={detail} />}</Waiting>}
    </Waiting>
  );
}
