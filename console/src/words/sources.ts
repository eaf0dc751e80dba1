import type { ComparedItem, SourceMap, SourceMapLine } from "../api/types";

/** Where an element comes from, in the order in which the states ask for attention. */
export const elementStates: Readonly<Record<SourceMapLine["state"], string>> = {
  unsettled: "多部门提供，未明确数源",
  unpublished: "已明确数源，尚未发布",
  single: "单一部门提供，未明确数源",
  designated: "已明确数源部门",
  absent: "无人提供",
};

export const elementColours: Readonly<Record<SourceMapLine["state"], string>> = {
  unsettled: "red",
  unpublished: "orange",
  single: "gold",
  designated: "green",
  absent: "default",
};

/** Counts of a map, state by state. */
export function countsOf(map: Pick<SourceMap, "counts">): { state: SourceMapLine["state"]; name: string; count: number }[] {
  return (Object.keys(elementStates) as SourceMapLine["state"][]).map((state) => ({
    state,
    name: elementStates[state],
    count: map.counts[state],
  }));
}

export const verdicts: Readonly<Record<ComparedItem["verdict"], string>> = {
  shareable: "可以通过共享取得",
  partly: "部分区域可以",
  not_there: "目录中没有",
};

export const verdictColours: Readonly<Record<ComparedItem["verdict"], string>> = {
  shareable: "blue",
  partly: "gold",
  not_there: "default",
};

type Match = NonNullable<ComparedItem["matches"]>[number];

export const matchKinds: Readonly<Record<Match["kind"], string>> = {
  element: "标准数据元相同",
  name: "名称相同",
  contains: "名称包含",
  similar: "名称相近",
};

type Remedy = NonNullable<ComparedItem["remedies"]>[number];

/** The page where a remedy is taken; undefined: none. */
export function remedyPath(remedy: Pick<Remedy, "kind" | "procedure" | "subject">, item: string): string | undefined {
  switch (remedy.kind) {
    case "apply":
      return remedy.subject ? `/catalog/${remedy.subject}/apply` : undefined;
    case "demand":
    case "designated":
      return `/demands/new?words=${encodeURIComponent(item)}`;
    case "collect":
      return "/start/collection_plan/draft";
    default:
      return undefined;
  }
}
