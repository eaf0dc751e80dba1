import { Card, Empty, Segmented, Table, Tag, type TableColumnsType } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { Import, ImportRow } from "../../api/types";
import { useImportFields, useImportRows } from "../../hooks/useImports";
import { itemChanges, outcomeColours, outcomes, reasonWords } from "../../words/imports";
import { word, type Labels } from "../../words/labels";
import { More } from "../More";
import { Waiting } from "../Waiting";

/** What is told of a row before the reader asks for the rest. */
const few = 3;

function Lines({ lines }: { lines: readonly string[] }) {
  const [all, setAll] = useState(false);
  if (lines.length === 0) return null;
  return (
    <>
      <ul className="plain-list">
        {(all ? lines : lines.slice(0, few)).map((line, at) => (
          <li key={at}>{line}</li>
        ))}
      </ul>
      {lines.length > few && !all && (
        <button type="button" className="link-button" onClick={() => setAll(true)}>
          其余 {lines.length - few} 处
        </button>
      )}
    </>
  );
}

function told(row: ImportRow, fields: Labels): string[] {
  const name = (field: string) => word(fields, field);
  return [
    ...(row.outcome === "changed" && row.fields.length > 0 ? [`目录条目：${row.fields.map(name).join("、")}`] : []),
    ...(row.outcome === "changed"
      ? row.changes.map((change) => `${word(itemChanges, change.kind)}数据项 ${change.name || change.code}${change.fields.length > 0 ? `：${change.fields.map(name).join("、")}` : ""}`)
      : []),
  ];
}

/** What the dry run found, resource by resource, with the reasons. */
export function Results({ one }: { one: Import }) {
  const [outcome, setOutcome] = useState<ImportRow["outcome"] | undefined>(one.counts.refused > 0 ? "refused" : undefined);
  const list = useImportRows(one, outcome);
  const known = useImportFields().data ?? [];
  const fields: Labels = Object.fromEntries(known.map(({ field, name }) => [field, name]));
  const { counts } = one;
  const columns: TableColumnsType<ImportRow> = [
    { title: "位置", key: "place", width: 120, render: (_, row) => `${row.sheet} 第 ${row.line} 行` },
    {
      title: "信息资源",
      key: "name",
      render: (_, row) => (
        <>
          {row.resource ? <Link to={`/catalog/${row.resource}`}>{row.name || row.code}</Link> : row.name || row.code || "（未命名）"}
          <div className="quiet">
            {row.code && <code>{row.code}</code>} {row.items} 个数据项
          </div>
        </>
      ),
    },
    {
      title: "结果",
      key: "outcome",
      width: 110,
      render: (_, row) => (
        <>
          <Tag color={outcomeColours[row.outcome]}>{outcomes[row.outcome]}</Tag>
          {row.done && <Tag color="green">已提交</Tag>}
        </>
      ),
    },
    {
      title: "原因、改动",
      key: "why",
      render: (_, row) => (
        <>
          <div className="grid-fault">
            <Lines lines={row.reasons.map(reasonWords)} />
          </div>
          <Lines lines={told(row, fields)} />
          {row.hints.length > 0 && (
            <details className="quiet">
              <summary>报送前还须补全 {row.hints.length} 处</summary>
              <Lines lines={row.hints} />
            </details>
          )}
        </>
      ),
    },
  ];
  return (
    <>
      <div className="filters">
        <Segmented
          aria-label="结果"
          value={outcome ?? "all"}
          onChange={(value) => setOutcome(value === "all" ? undefined : (value as ImportRow["outcome"]))}
          options={[
            { value: "all", label: `全部（${counts.new + counts.changed + counts.unchanged + counts.refused}）` },
            ...(["new", "changed", "unchanged", "refused"] as const).map((key) => ({ value: key, label: `${outcomes[key]}（${counts[key]}）` })),
          ]}
        />
        <span className="quiet">
          {counts.items} 个数据项{counts.reasons > 0 ? `，${counts.reasons} 个单元格有误` : ""}
        </span>
      </div>
      <Waiting query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}>
        {(rows) => (
          <Card styles={{ body: { padding: 0 } }}>
            <Table<ImportRow>
              rowKey="seq"
              size="small"
              columns={columns}
              dataSource={rows}
              pagination={false}
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有这种结果的信息资源" /> }}
            />
          </Card>
        )}
      </Waiting>
      <More list={list} />
    </>
  );
}
