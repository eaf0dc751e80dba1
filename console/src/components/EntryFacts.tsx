import { Descriptions } from "antd";
import type { Version } from "../api/types";
import { collections, frequencies, levels, methods, openAttributes, word } from "../words/labels";
import { moment } from "../words/time";

/** What a version says of its resource, besides the items. */
export function EntryFacts({ version }: { version: Version }) {
  const entry = version.entry;
  const facts: [string, string | undefined][] = [
    ["摘要", entry.abstract],
    ["数据格式", entry.format],
    ["更新周期", word(frequencies, entry.frequency)],
    ["共享方式", (entry.methods ?? []).map((method) => word(methods, method)).join("、")],
    ["分类分级", word(levels, entry.level)],
    ["含个人信息", entry.personal_info ? "是" : "否"],
    ["归集方式", word(collections, entry.collection)],
    ["使用条件", entry.use_conditions],
    ["使用范围", entry.scope_of_use],
    ["使用用途", (entry.purposes ?? []).join("、")],
    ["法律依据", entry.legal_basis],
    ["不予共享的理由", entry.withheld_reason],
    ["开放属性", word(openAttributes, entry.open_attribute)],
    ["来源系统", entry.source_system],
    ["履职依据", entry.duty_basis],
    ["联系方式", entry.contact],
    ["服务地址", entry.upstream?.url],
    ["发布时间", version.published_at ? moment(version.published_at) : undefined],
  ];
  return (
    <Descriptions
      size="small"
      column={{ xs: 1, sm: 1, md: 2, xl: 3 }}
      items={facts
        .filter(([, value]) => value && value !== "—")
        .map(([label, value]) => ({ key: label, label, children: value }))}
    />
  );
}
