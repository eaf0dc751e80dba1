import { Alert, Button, Card, Select, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import type { Import, ImportColumn, ImportSheet } from "../../api/types";
import { useImportFields, useMapImport } from "../../hooks/useImports";
import { contentOf, contents, doubled, toCorrect } from "../../words/imports";
import { options } from "../../words/labels";
import { ProblemAlert } from "../ProblemAlert";
import { Waiting } from "../Waiting";

interface SheetProps {
  sheet: ImportSheet;
  fields: { value: string; label: string }[];
  /** Shows the columns of a sheet that is left out as well. */
  open: boolean;
  onChange: (sheet: ImportSheet) => void;
}

function SheetColumns({ sheet, fields, open, onChange }: SheetProps) {
  const twice = doubled(sheet);
  const put = (column: string, field: string) => {
    const columns = sheet.columns.map((one) => (one.column === column ? { ...one, field } : one));
    onChange({ ...sheet, columns, content: sheet.content === "ignored" ? contentOf(columns) : sheet.content });
  };
  const columns: TableColumnsType<ImportColumn> = [
    { title: "列", dataIndex: "column", key: "column", width: 60 },
    { title: "表头", dataIndex: "heading", key: "heading" },
    {
      title: "对应的字段",
      key: "field",
      render: (_, one) => (
        <Select
          className="wide"
          showSearch
          allowClear
          optionFilterProp="label"
          aria-label={`${sheet.sheet} ${one.column} 列对应的字段`}
          placeholder="不导入"
          status={twice.includes(one.field) ? "error" : undefined}
          value={one.field || undefined}
          options={fields}
          onChange={(field?: string) => put(one.column, field ?? "")}
        />
      ),
    },
  ];
  return (
    <section className="gap-below">
      <div className="filters">
        <strong>{sheet.sheet}</strong>
        {sheet.heading ? <span className="quiet">表头在第 {sheet.heading} 行</span> : null}
        <Select
          aria-label={`${sheet.sheet}的内容`}
          style={{ minWidth: 260 }}
          value={sheet.content}
          options={options(contents)}
          onChange={(content) => onChange({ ...sheet, content: content as ImportSheet["content"] })}
        />
      </div>
      {twice.length > 0 && (
        <Alert type="warning" showIcon message={`有几列对应同一字段：${twice.map((field) => fields.find(({ value }) => value === field)?.label ?? field).join("、")}`} />
      )}
      {(sheet.content !== "ignored" || open) && (
        <Table<ImportColumn> rowKey="column" size="small" columns={columns} dataSource={sheet.columns} pagination={false} />
      )}
    </section>
  );
}

/** A sheet as it is sent: what the file says of itself is left out. */
const asked = ({ sheet, content, columns }: ImportSheet): ImportSheet => ({
  sheet,
  content,
  columns: columns.map(({ column, field }) => ({ column, field })),
});

/** Says what the columns of a table are. The same is kept for the next table with this heading. */
export function MappingForm({ one, onDone }: { one: Import; onDone: () => void }) {
  const [sheets, setSheets] = useState<readonly ImportSheet[]>(() => toCorrect(one));
  const map = useMapImport(one.id);
  const fields = useImportFields();
  const blocked = sheets.some((sheet) => sheet.content !== "ignored" && doubled(sheet).length > 0);
  return (
    <Card className="panel" size="small" title="列与字段的对应">
      <ProblemAlert error={map.error} />
      {one.state === "unmapped" && <p>平台没有认出这张表格的全部列，请指定后再次预检。本部门下次导入同样表头的表格时沿用。</p>}
      <Waiting query={fields}>
        {(found) => {
          const choices = found.map(({ field, name }) => ({ value: field, label: name }));
          return sheets.map((sheet, at) => (
            <SheetColumns
              key={sheet.sheet}
              sheet={sheet}
              fields={choices}
              open={one.state === "unmapped"}
              onChange={(changed) => setSheets(sheets.map((other, place) => (place === at ? changed : other)))}
            />
          ));
        }}
      </Waiting>
      <Button
        type="primary"
        disabled={blocked}
        loading={map.isPending}
        onClick={() => map.mutate(sheets.map(asked), { onSuccess: onDone })}
      >
        按此对应再次预检
      </Button>
    </Card>
  );
}
