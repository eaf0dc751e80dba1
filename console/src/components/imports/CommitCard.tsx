import { Button, Card, Radio } from "antd";
import { useState } from "react";
import type { Import } from "../../api/types";
import { useCommitImport } from "../../hooks/useImports";
import { writable } from "../../words/imports";
import { ProblemAlert } from "../ProblemAlert";

/** Makes drafts of a dry run: of the whole file, or of what passed. */
export function CommitCard({ one }: { one: Import }) {
  const commit = useCommitImport(one.id);
  const refused = one.counts.refused > 0;
  const [mode, setMode] = useState<"file" | "resource">();
  const chosen = mode ?? (refused ? undefined : "file");
  const count = writable(one);
  return (
    <Card className="panel" size="small" title="提交">
      <ProblemAlert error={commit.error} />
      {count === 0 ? (
        <p className="quiet">{refused ? "没有通过的信息资源。下载错误文件，更正后再次上传。" : "文件与目录现有内容相同，不必提交。"}</p>
      ) : (
        <>
          {refused && (
            <Radio.Group value={chosen} onChange={(event) => setMode(event.target.value as "file" | "resource")} className="gap-below">
              <Radio value="file" disabled>
                整个文件一起提交（有未通过的，不能选）
              </Radio>
              <Radio value="resource">只提交通过的 {count} 个信息资源，其余更正后再次上传</Radio>
            </Radio.Group>
          )}
          <div>
            <Button
              type="primary"
              disabled={!chosen || !one.digest}
              loading={commit.isPending}
              onClick={() => chosen && commit.mutate({ digest: one.digest ?? "", mode: chosen })}
            >
              提交 {count} 个信息资源的草稿
            </Button>
          </div>
        </>
      )}
    </Card>
  );
}
