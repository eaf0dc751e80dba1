import { Alert, Button, Card, Checkbox, Empty, Table, Tag, type TableColumnsType } from "antd";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import type { ReverseRun, ReverseSource } from "../api/types";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { SchemaChanges } from "../components/reverse/SchemaChanges";
import { Waiting } from "../components/Waiting";
import { useMe } from "../hooks/useMe";
import { isOver, useReverseSources, useRuns, useStartRun, useTestSource } from "../hooks/useReverse";
import { word } from "../words/labels";
import { engines, runStates } from "../words/reverse";
import { moment } from "../words/time";

const colours: Readonly<Record<string, string>> = { done: "green", failed: "red", running: "blue", waiting: "default" };

function Sheet({ source }: { source: ReverseSource }) {
  const navigate = useNavigate();
  const engineer = useMe().data?.roles.includes("engineer") ?? false;
  const runs = useRuns(source.id);
  const test = useTestSource(source.id);
  const start = useStartRun(source.id);
  const [sample, setSample] = useState(false);
  const going = runs.data?.some((run) => !isOver(run)) ?? false;
  const read = (runs.data ?? []).filter((run) => run.state === "done").length;
  const columns: TableColumnsType<ReverseRun> = [
    {
      title: "读取时间",
      key: "at",
      render: (_, run) => (run.state === "done" ? <Link to={`/reverse/${source.id}/runs/${run.id}`}>{moment(run.asked_at)}</Link> : moment(run.asked_at)),
    },
    {
      title: "状态",
      key: "state",
      render: (_, run) => (
        <>
          <Tag color={colours[run.state]}>{word(runStates, run.state)}</Tag>
          {run.message && <span>{run.message}</span>}
        </>
      ),
    },
    { title: "表和视图", key: "count", align: "right", render: (_, run) => (run.state === "done" ? run.count : "—") },
    { title: "抽样", key: "sample", responsive: ["sm"], render: (_, run) => (run.sample ? "是" : "否") },
  ];
  return (
    <>
      <PageTitle
        title={source.name}
        note={
          <>
            {word(engines, source.engine)} · {moment(source.created_at)} 登记 · <Link to="/reverse">全部数据源</Link>
          </>
        }
        actions={
          engineer && (
            <>
              <Button loading={test.isPending} onClick={() => test.mutate()}>
                测试连接
              </Button>
              <Button
                type="primary"
                loading={start.isPending || going}
                onClick={() => start.mutate(sample, { onSuccess: (run) => void navigate(`/reverse/${source.id}/runs/${run.id}`) })}
              >
                {going ? "正在读取" : "读取库结构"}
              </Button>
            </>
          )
        }
      />
      <ProblemAlert error={test.error ?? start.error} />
      {test.data && <Alert className="gap-below" type="success" showIcon role="status" message={`可以连接：${test.data.version}`} />}
      {engineer && (
        <p>
          <Checkbox checked={sample} onChange={(event) => setSample(event.target.checked)}>
            读取时抽样（每个表最多 100 行，只在内存中用于识别个人信息，不保存）
          </Checkbox>
        </p>
      )}
      <Card size="small" className="panel" title="读取记录" styles={{ body: { padding: 0 } }}>
        <Waiting query={runs}>
          {(list) => (
            <Table<ReverseRun>
              rowKey="id"
              size="small"
              columns={columns}
              dataSource={list}
              pagination={list.length > 10 ? { pageSize: 10, showSizeChanger: false } : false}
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={engineer ? "尚未读取" : "尚未读取，由系统对接人员读取"} /> }}
            />
          )}
        </Waiting>
      </Card>
      <Card size="small" title="与上一次读取相比的变动">
        {read >= 2 ? <SchemaChanges source={source.id} /> : <p className="quiet">成功读取两次以后，这里列出库结构的变动和涉及的目录条目。</p>}
      </Card>
    </>
  );
}

/** One database: test, read, what was read before, and what changed since. */
export function ReverseSourcePage() {
  const { id = "" } = useParams();
  return (
    <Waiting query={useReverseSources()}>
      {(list) => {
        const source = list.find((one) => one.id === id);
        return source ? <Sheet key={id} source={source} /> : <Alert type="info" showIcon message="没有这个数据源，或者已经停用。" />;
      }}
    </Waiting>
  );
}
