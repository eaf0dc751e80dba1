import { PlusOutlined } from "@ant-design/icons";
import { App, Button, Card, Empty, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { ReverseSource } from "../api/types";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { SourceForm } from "../components/reverse/SourceForm";
import { Waiting } from "../components/Waiting";
import { useMe } from "../hooks/useMe";
import { useRemoveSource, useReverseSources } from "../hooks/useReverse";
import { word } from "../words/labels";
import { engines } from "../words/reverse";
import { moment } from "../words/time";

/** The databases of the own department that entries are made from. */
export function ReversePage() {
  const { modal } = App.useApp();
  const engineer = useMe().data?.roles.includes("engineer") ?? false;
  const sources = useReverseSources();
  const remove = useRemoveSource();
  const [adding, setAdding] = useState(false);
  const ask = (source: ReverseSource) =>
    modal.confirm({
      title: `停用“${source.name}”？`,
      content: "连接信息随即清除；已由它编制的目录条目不受影响。",
      okText: "停用",
      okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync(source.id).catch(() => undefined),
    });
  const columns: TableColumnsType<ReverseSource> = [
    { title: "数据源", key: "name", render: (_, source) => <Link to={`/reverse/${source.id}`}>{source.name}</Link> },
    { title: "数据库", key: "engine", render: (_, source) => word(engines, source.engine) },
    { title: "登记时间", key: "at", responsive: ["sm"], render: (_, source) => moment(source.created_at) },
    ...(engineer
      ? [
          {
            title: "",
            key: "remove",
            width: 80,
            render: (_: unknown, source: ReverseSource) => (
              <Button type="text" size="small" danger aria-label={`停用${source.name}`} onClick={() => void ask(source)}>
                停用
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <PageTitle
        title="反向编目"
        note="读取本部门数据库的结构，由平台提出目录条目的建议，确认后编成草稿。只读结构，不保存数据。"
        actions={
          engineer && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
              登记数据源
            </Button>
          )
        }
      />
      <ProblemAlert error={remove.error} />
      <Waiting query={sources}>
        {(list) => (
          <Card styles={{ body: { padding: 0 } }}>
            <Table<ReverseSource>
              rowKey="id"
              size="middle"
              columns={columns}
              dataSource={list}
              pagination={false}
              locale={{
                emptyText: (
                  <Empty
                    image={Empty.PRESENTED_IMAGE_SIMPLE}
                    description={engineer ? "尚未登记数据源" : "尚未登记数据源，由本部门的系统对接人员登记"}
                  />
                ),
              }}
            />
          </Card>
        )}
      </Waiting>
      {adding && <SourceForm onClose={() => setAdding(false)} />}
    </>
  );
}
