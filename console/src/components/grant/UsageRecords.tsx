import { Button, Card, Descriptions, Empty, List } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { Grant, UsageRecord } from "../../api/types";
import { useMe } from "../../hooks/useMe";
import { useUsage } from "../../hooks/useUsage";
import { mediums, word } from "../../words/labels";
import { day, moment } from "../../words/time";
import { More } from "../More";
import { Waiting } from "../Waiting";
import { Word } from "../Word";
import { UsageForm } from "./UsageForm";

const filers = new Set(["clerk", "office_head", "engineer"]);

function Record({ record }: { record: UsageRecord }) {
  return (
    <Descriptions
      size="small"
      column={{ xs: 1, sm: 1, md: 2, lg: 2, xl: 2, xxl: 2 }}
      items={[
        { key: "scenario", label: "使用场景", children: record.scenario },
        { key: "process", label: "使用过程", children: record.process },
        { key: "content", label: "数据内容", children: record.content },
        { key: "effect", label: "应用成效", children: record.effect },
        { key: "storage", label: "存储情况", children: record.storage },
        { key: "destruction", label: "销毁情况", children: record.destruction },
        { key: "who", label: "使用、批准", children: `${record.user}、${record.approver}` },
        { key: "way", label: "方式、介质", children: <><Word of="method" code={record.way} />、{word(mediums, record.medium)}</> },
      ]}
    />
  );
}

/** How the data were used, and the way to file it. */
export function UsageRecords({ grant }: { grant: Grant }) {
  const me = useMe().data;
  const list = useUsage(grant.id);
  const [filing, setFiling] = useState<{ corrects?: UsageRecord }>();
  const may = me?.department.id === grant.consumer && me.roles.some((role) => filers.has(role));
  return (
    <Card
      size="small"
      className="gap-above"
      title="使用记录"
      extra={
        may && (
          <Button size="small" onClick={() => setFiling({})}>
            填报使用记录
          </Button>
        )
      }
    >
      <Waiting<UsageRecord[]> query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}>
        {(records) => (
          <List
            itemLayout="vertical"
            dataSource={records}
            rowKey="id"
            locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="还没有使用记录" /> }}
            renderItem={(record) => (
              <List.Item>
                <div className="act-head">
                  <strong>
                    {moment(record.from)} 至 {moment(record.to)}
                  </strong>
                  <span className="quiet">
                    {moment(record.filed_at)} 填报，至少保存至 {day(record.retain_until)} ·{" "}
                    <Link to={`/receipts/${record.id}`}>存证</Link>
                    {record.corrects && " · 更正了较早的一条"}
                  </span>
                  {may && (
                    <Button size="small" type="link" onClick={() => setFiling({ corrects: record })}>
                      更正
                    </Button>
                  )}
                </div>
                <Record record={record} />
              </List.Item>
            )}
          />
        )}
      </Waiting>
      <More list={list} />
      {filing && <UsageForm grant={grant} corrects={filing.corrects} onClose={() => setFiling(undefined)} />}
    </Card>
  );
}
