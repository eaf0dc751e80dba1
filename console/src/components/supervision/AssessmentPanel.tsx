import { DownloadOutlined } from "@ant-design/icons";
import { App, Button, Card, DatePicker, Empty, Table, Tooltip, type TableColumnsType } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import type { Assessed, Assessment } from "../../api/types";
import { problemOf } from "../../api/problem";
import { fetchAssessmentSheet, useAssessment } from "../../hooks/useAssessment";
import { measures, word } from "../../words/labels";
import { saveBlob } from "../../words/save";
import { moment } from "../../words/time";
import { LawClause } from "../LawClause";
import { Waiting } from "../Waiting";

const told = (score: number) => score.toFixed(1);

function columnsOf(assessment: Assessment): TableColumnsType<Assessed> {
  return [
    { title: "名次", dataIndex: "rank", key: "rank", width: 56, fixed: "left" },
    { title: "部门", dataIndex: "name", key: "name", fixed: "left", width: 190 },
    { title: "总分", key: "score", align: "right", width: 72, render: (_, row) => <strong>{told(row.score)}</strong> },
    ...assessment.indicators.map((indicator, at) => ({
      title: (
        <Tooltip title={word(measures, indicator.measure)}>
          <span tabIndex={0}>
            {indicator.name}
            <div className="quiet">权重 {indicator.weight}</div>
          </span>
        </Tooltip>
      ),
      key: indicator.id,
      width: 92,
      align: "right" as const,
      render: (_: unknown, row: Assessed) => {
        const mark = row.marks[at];
        if (!mark?.applies) return <span className="quiet">不适用</span>;
        return (
          <>
            {told(mark.score)}
            <div className="quiet">{indicator.measure === "complaints" ? `${mark.total} 件` : `${mark.good} / ${mark.total}`}</div>
          </>
        );
      },
    })),
  ];
}

function Ranking({ assessment }: { assessment: Assessment }) {
  return (
    <>
      <Card styles={{ body: { padding: 0 } }} className="panel">
        <Table<Assessed>
          className="numbers"
          rowKey="department"
          columns={columnsOf(assessment)}
          dataSource={assessment.rows}
          size="small"
          pagination={assessment.rows.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
          scroll={{ x: 190 + 56 + 72 + 92 * assessment.indicators.length }}
          locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有可以考核的部门" /> }}
        />
      </Card>
      <Card size="small" title="指标和计算方法">
        <ul className="plain-list">
          {assessment.indicators.map((indicator) => (
            <li key={indicator.id}>
              {indicator.name}（权重 {indicator.weight}）：{word(measures, indicator.measure)} <LawClause clause={indicator.clause} />
            </li>
          ))}
        </ul>
        <p className="quiet">计算于 {moment(assessment.made_at)}，只依据平台掌握的事实。</p>
      </Card>
    </>
  );
}

/** Scores and ranking of the territory's departments over a period (CN-29.1). */
export function AssessmentPanel() {
  const { message } = App.useApp();
  const [period, setPeriod] = useState<[Dayjs, Dayjs]>(() => [dayjs().startOf("year"), dayjs()]);
  const [saving, setSaving] = useState(false);
  const [from, to] = period.map((one) => one.format("YYYY-MM-DD")) as [string, string];
  const assessment = useAssessment(from, to);
  const save = async () => {
    setSaving(true);
    try {
      saveBlob(`考核评价_${from}_${to}.xlsx`, await fetchAssessmentSheet(from, to));
    } catch (error) {
      void message.error(problemOf(error).message);
    } finally {
      setSaving(false);
    }
  };
  return (
    <>
      <div className="filters">
        <DatePicker.RangePicker
          aria-label="考核期间"
          allowClear={false}
          value={period}
          onChange={(next) => {
            if (next?.[0] && next[1]) setPeriod([next[0], next[1]]);
          }}
        />
        <Button icon={<DownloadOutlined />} loading={saving} disabled={!assessment.data} onClick={() => void save()}>
          导出 xlsx
        </Button>
      </div>
      <Waiting query={assessment}>{(data) => <Ranking assessment={data} />}</Waiting>
    </>
  );
}
