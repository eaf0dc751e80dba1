import { InboxOutlined } from "@ant-design/icons";
import { Card, Empty, Table, Tag, Upload, type TableColumnsType } from "antd";
import { Link, useNavigate } from "react-router";
import type { Import } from "../api/types";
import { DownloadButton } from "../components/DownloadButton";
import { More } from "../components/More";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { Waiting } from "../components/Waiting";
import { useImports, useStartImport } from "../hooks/useImports";
import { useMe } from "../hooks/useMe";
import { importColours, importStates, sizeWords } from "../words/imports";
import { word } from "../words/labels";
import { moment } from "../words/time";

const columns: TableColumnsType<Import> = [
  {
    title: "文件",
    key: "name",
    render: (_, one) => (
      <>
        <Link to={`/imports/${one.id}`}>{one.name}</Link>
        <div className="quiet">{sizeWords(one.size)}</div>
      </>
    ),
  },
  {
    title: "状态",
    key: "state",
    render: (_, one) => (
      <>
        <Tag color={importColours[one.state]}>{word(importStates, one.state)}</Tag>
        {one.message && <div className="quiet">{one.message}</div>}
      </>
    ),
  },
  {
    title: "结果",
    key: "counts",
    responsive: ["md"],
    render: (_, { counts }) =>
      `新增 ${counts.new}，修改 ${counts.changed}，不变 ${counts.unchanged}，未通过 ${counts.refused}${counts.done ? `；已提交 ${counts.done}` : ""}`,
  },
  { title: "上传时间", key: "at", responsive: ["sm"], render: (_, one) => moment(one.created_at) },
];

function UploadCard() {
  const navigate = useNavigate();
  const start = useStartImport();
  return (
    <Card className="panel" size="small" title="上传表格">
      <ProblemAlert error={start.error} />
      <Upload.Dragger
        accept=".xlsx,.csv,.zip"
        maxCount={1}
        showUploadList={false}
        disabled={start.isPending}
        beforeUpload={(file) => {
          start.mutate(file, { onSuccess: (one) => void navigate(`/imports/${one.id}`) });
          return false;
        }}
      >
        <p className="ant-upload-drag-icon">
          <InboxOutlined aria-hidden />
        </p>
        <p>{start.isPending ? "正在上传……" : "点击选择，或者把文件拖到这里"}</p>
        <p className="quiet">
          xlsx，CSV（UTF-8、GB18030），或者 CSV 的压缩包，不超过 64 MB。先预检，不写入目录；空单元格不改动原有内容，填“〈清空〉”的清除。
        </p>
      </Upload.Dragger>
    </Card>
  );
}

/** Brings entries in from tables: the template, an upload, and what was handed in before. */
export function ImportsPage() {
  const list = useImports();
  const me = useMe().data;
  const clerk = me?.roles.includes("clerk") ?? false;
  return (
    <>
      <PageTitle
        title="表格导入"
        note="只编制或者修改本部门的草稿，不改变已发布的内容和审核状态。其他格式的表格可以指定列与字段的对应。"
        actions={
          <>
            <DownloadButton from="/api/v1/catalog/import-template?format=xlsx">下载模板（xlsx）</DownloadButton>
            <DownloadButton from="/api/v1/catalog/import-template?format=csv">模板（CSV）</DownloadButton>
            {me && (
              <DownloadButton from={`/api/v1/catalog/export?provider=${encodeURIComponent(me.department.id)}`}>
                导出本部门目录
              </DownloadButton>
            )}
          </>
        }
      />
      {clerk && <UploadCard />}
      <Card size="small" title="以往的导入" styles={{ body: { padding: 0 } }}>
        <Waiting query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}>
          {(imports) => (
            <Table<Import>
              rowKey="id"
              size="small"
              columns={columns}
              dataSource={imports}
              pagination={false}
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="尚未导入过" /> }}
            />
          )}
        </Waiting>
      </Card>
      <More list={list} />
    </>
  );
}
