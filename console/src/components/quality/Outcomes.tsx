import { Empty, Table, Tag, type TableColumnsType } from "antd";
import type { QualityOutcome } from "../../api/types";
import { qualityDimensions, qualityKinds, word } from "../../words/labels";

function columnsOf(names: ReadonlyMap<string, string>): TableColumnsType<QualityOutcome> {
  return [
    { title: "方面", key: "dimension", render: (_, one) => word(qualityDimensions, one.dimension) },
    {
      title: "规则",
      key: "kind",
      render: (_, one) => (
        <>
          {word(qualityKinds, one.kind)} {one.filed && <Tag color="blue">填报</Tag>}
        </>
      ),
    },
    {
      title: "数据项",
      key: "item",
      render: (_, one) => (one.item ? one.item.split(",").map((code) => names.get(code) ?? code).join("、") : "全表"),
    },
    { title: "检查", dataIndex: "checked", key: "checked", align: "right" },
    {
      title: "不符合",
      key: "failed",
      align: "right",
      render: (_, one) => (one.failed > 0 ? <Tag color="red">{one.failed}</Tag> : 0),
    },
  ];
}

/** What each rule found, the worst first. */
export function Outcomes({ outcomes, names }: { outcomes: QualityOutcome[]; names: ReadonlyMap<string, string> }) {
  const rate = (one: QualityOutcome) => (one.checked > 0 ? one.failed / one.checked : 0);
  return (
    <Table<QualityOutcome>
      className="numbers"
      rowKey={(one) => `${one.dimension}/${one.kind}/${one.item ?? ""}/${one.filed}`}
      columns={columnsOf(names)}
      dataSource={[...outcomes].sort((a, b) => rate(b) - rate(a))}
      size="small"
      pagination={outcomes.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有检查结果" /> }}
    />
  );
}
