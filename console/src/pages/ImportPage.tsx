import { Alert, Button, Card, Progress, Steps } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import type { Import } from "../api/types";
import { DownloadButton } from "../components/DownloadButton";
import { CommitCard } from "../components/imports/CommitCard";
import { MappingForm } from "../components/imports/MappingForm";
import { Results } from "../components/imports/Results";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { Waiting } from "../components/Waiting";
import { isWorking, useCancelImport, useImport } from "../hooks/useImports";
import { importStates, progressOf, sizeWords } from "../words/imports";
import { word } from "../words/labels";
import { moment } from "../words/time";

/** The step of the way that each state is on. */
const stepOf: Readonly<Record<string, number>> = { uploading: 0, waiting: 1, checking: 1, unmapped: 1, checked: 2, queued: 3, committing: 3, done: 4, failed: 1 };

function Working({ one }: { one: Import }) {
  const percent = progressOf(one);
  return (
    <Card className="panel" size="small" role="status">
      {word(importStates, one.state)}
      {one.rows_total > 0 && `：${one.rows_done.toLocaleString("zh-CN")} / ${one.rows_total.toLocaleString("zh-CN")}`}
      {one.rows_total === 0 && one.rows_done > 0 && `：已读 ${one.rows_done.toLocaleString("zh-CN")} 行`}
      <Progress percent={percent ?? 100} showInfo={percent !== undefined} status="active" />
      <p className="quiet">可以离开此页，预检和提交在后台进行。</p>
    </Card>
  );
}

function Sheet({ one }: { one: Import }) {
  const cancel = useCancelImport(one.id);
  const [mapping, setMapping] = useState(false);
  const open = one.state === "checked" || one.state === "unmapped" || isWorking(one);
  const maps = one.state === "unmapped" || (mapping && one.state === "checked");
  return (
    <>
      <PageTitle
        title={one.name}
        note={
          <>
            {sizeWords(one.size)} · {moment(one.created_at)} 上传 · <Link to="/imports">全部导入</Link>
          </>
        }
        actions={
          <>
            {one.state === "checked" && one.sheets.length > 0 && (
              <Button onClick={() => setMapping(!mapping)}>{mapping ? "收起列的对应" : "更正列的对应"}</Button>
            )}
            {one.errors && <DownloadButton from={`/api/v1/catalog/imports/${one.id}/errors`}>下载错误文件</DownloadButton>}
            {open && (
              <Button danger loading={cancel.isPending} onClick={() => cancel.mutate()}>
                取消导入
              </Button>
            )}
          </>
        }
      />
      <Steps
        className="gap-below"
        size="small"
        responsive
        current={stepOf[one.state] ?? 0}
        status={one.state === "failed" || one.state === "cancelled" ? "error" : undefined}
        items={[{ title: "上传" }, { title: "预检" }, { title: "核对结果" }, { title: "提交" }]}
      />
      <ProblemAlert error={cancel.error} />
      {isWorking(one) && <Working one={one} />}
      {one.state === "failed" && <Alert className="gap-below" type="error" showIcon role="alert" message={one.message || "导入失败"} />}
      {one.state === "cancelled" && <Alert className="gap-below" type="info" showIcon message="已取消，文件已清除。" />}
      {one.state === "done" && <Alert className="gap-below" type="success" showIcon role="status" message={`已提交 ${one.counts.done} 个信息资源的草稿，报送前可以继续修改。`} />}
      {one.notes.length > 0 && (
        <Alert
          className="gap-below"
          type="info"
          showIcon
          message={
            <ul className="plain-list">
              {one.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          }
        />
      )}
      {maps && <MappingForm key={one.digest} one={one} onDone={() => setMapping(false)} />}
      {one.state === "checked" && <CommitCard one={one} />}
      {(one.state === "checked" || one.state === "done" || one.state === "committing") && <Results one={one} />}
    </>
  );
}

/** One import: its progress, the columns, the result of the dry run, and the commit. */
export function ImportPage() {
  const { id = "" } = useParams();
  return <Waiting query={useImport(id)}>{(one) => <Sheet one={one} />}</Waiting>;
}
