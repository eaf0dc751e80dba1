import { Button, Card, Empty, Statistic, Table, Tag, type TableColumnsType } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { DepartmentQuality, DepartmentQualityReport } from "../../api/types";
import { useDepartmentQuality, useTerritoryQuality } from "../../hooks/useDepartmentQuality";
import { useMe } from "../../hooks/useMe";
import { DepartmentName } from "../DepartmentName";
import { More } from "../More";
import { Waiting } from "../Waiting";

type Scored = DepartmentQualityReport["items"][number];

const entryColumns: TableColumnsType<Scored> = [
  {
    title: "目录条目",
    key: "name",
    render: (_, one) => <Link to={`/catalog/${one.resource}`}>{one.name}</Link>,
  },
  { title: "得分", key: "score", align: "right", render: (_, one) => one.score.toFixed(1) },
  {
    title: "不足之处",
    key: "findings",
    render: (_, one) =>
      one.findings.length === 0 ? "—" : one.findings.map(({ kind, text, failed }) => <div key={kind}>{`${text}（${failed}）`}</div>),
  },
  {
    title: "数据质量",
    key: "data",
    responsive: ["md"],
    render: (_, one) => <Link to={`/catalog/${one.resource}/quality`}>查看</Link>,
  },
];

function Sums({ sums }: { sums: DepartmentQuality }) {
  return (
    <div className="buttons gap-below">
      <Card size="small">
        <Statistic title="目录条目平均得分" value={sums.entries > 0 ? sums.entry_mean.toFixed(1) : "—"} />
        <span className="quiet">{sums.entries} 个目录条目</span>
      </Card>
      <Card size="small">
        <Statistic title="数据质量平均得分" value={sums.measured > 0 ? sums.data_mean.toFixed(1) : "—"} />
        <span className="quiet">检查过 {sums.measured} 个资源</span>
      </Card>
      <Card size="small">
        <Statistic title="数据质量不足 60 分" value={sums.poor} />
        <span className="quiet">个资源</span>
      </Card>
    </div>
  );
}

/** One department: its means, its findings, and its entries, the lowest first. */
function Department({ id }: { id: string }) {
  const [kind, setKind] = useState<string>();
  const report = useDepartmentQuality(id, kind);
  return (
    <Waiting query={{ ...report, data: report.data?.pages[0] }}>
      {(first) => (
        <>
          <Sums sums={first} />
          {first.findings.length > 0 && (
            <div className="buttons gap-below" role="group" aria-label="按问题筛选">
              {first.findings.map((one) => (
                <Button
                  key={one.kind}
                  size="small"
                  type={kind === one.kind ? "primary" : "default"}
                  aria-pressed={kind === one.kind}
                  onClick={() => setKind(kind === one.kind ? undefined : one.kind)}
                >
                  {one.text} {one.entries}
                </Button>
              ))}
            </div>
          )}
          <Card styles={{ body: { padding: 0 } }}>
            <Table<Scored>
              className="numbers"
              rowKey="resource"
              columns={entryColumns}
              dataSource={report.data?.pages.flatMap((page) => page.items) ?? []}
              size="middle"
              pagination={false}
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有已发布的目录条目" /> }}
            />
          </Card>
          <More list={report} />
        </>
      )}
    </Waiting>
  );
}

/** The territory's departments, for its authority. */
function Territory({ onChoose }: { onChoose: (id: string) => void }) {
  const list = useTerritoryQuality(true);
  const columns: TableColumnsType<DepartmentQuality> = [
    {
      title: "部门",
      key: "department",
      render: (_, one) => (
        <Button type="link" size="small" className="flush" onClick={() => onChoose(one.department)}>
          <DepartmentName id={one.department} />
        </Button>
      ),
    },
    { title: "目录条目", dataIndex: "entries", key: "entries", align: "right" },
    { title: "目录平均", key: "entry_mean", align: "right", render: (_, one) => (one.entries > 0 ? one.entry_mean.toFixed(1) : "—") },
    { title: "检查过的资源", dataIndex: "measured", key: "measured", align: "right", responsive: ["sm"] },
    { title: "数据平均", key: "data_mean", align: "right", render: (_, one) => (one.measured > 0 ? one.data_mean.toFixed(1) : "—") },
    { title: "不足60分", key: "poor", align: "right", render: (_, one) => (one.poor > 0 ? <Tag color="red">{one.poor}</Tag> : 0) },
  ];
  return (
    <>
      <Waiting<DepartmentQuality[]> query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}>
        {(departments) => (
          <Card styles={{ body: { padding: 0 } }}>
            <Table<DepartmentQuality>
              className="numbers"
              rowKey="department"
              columns={columns}
              // Lowest first: that is where there is something to do.
              dataSource={[...departments].sort((a, b) => a.entry_mean - b.entry_mean)}
              size="middle"
              pagination={departments.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="本行政区域内没有已发布的目录条目" /> }}
            />
          </Card>
        )}
      </Waiting>
      <More list={list} />
    </>
  );
}

/** Quality of entries and of hosted data, by department (CN-18). */
export function QualityOverview() {
  const me = useMe().data;
  const [chosen, setChosen] = useState<string>();
  if (!me) return null;
  if (!me.territory) return <Department id={me.department.id} />;
  return chosen ? (
    <>
      <p>
        <Button size="small" onClick={() => setChosen(undefined)}>
          返回各部门
        </Button>{" "}
        <strong>
          <DepartmentName id={chosen} />
        </strong>
      </p>
      <Department key={chosen} id={chosen} />
    </>
  ) : (
    <Territory onChoose={setChosen} />
  );
}
