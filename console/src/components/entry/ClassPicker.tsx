import { TreeSelect } from "antd";
import type { Class } from "../../api/types";
import { useClasses } from "../../hooks/useScheme";
import { classTrail } from "../../words/classes";
import { ProblemAlert } from "../ProblemAlert";

interface Node {
  value: string;
  title: string;
  label: string;
  disabled: boolean;
  children: Node[];
}

/** An entry belongs to a 目 or a 细目 that is in use. */
function nodes(classes: readonly Class[], above = ""): Node[] {
  return classes.map((one) => {
    const path = above ? `${above} / ${one.name}` : one.name;
    return {
      value: one.code,
      title: `${one.name} ${one.code}${one.ended_at ? "（已停用）" : ""}`,
      label: `${path} ${one.code}`,
      disabled: one.tier < 3 || Boolean(one.ended_at),
      children: nodes(one.children ?? [], path),
    };
  });
}

interface Props {
  id?: string;
  value?: string;
  onChange?: (code: string | undefined) => void;
}

/** Picks a class from the tree, by name or code. */
export function ClassPicker({ id, value, onChange }: Props) {
  const classes = useClasses();
  if (classes.error) return <ProblemAlert error={classes.error} onRetry={() => void classes.refetch()} />;
  const trail = classTrail(classes.data ?? [], value ?? "");
  return (
    <TreeSelect
      id={id}
      showSearch
      allowClear
      className="wide"
      loading={classes.isLoading}
      placeholder="按名称或代码查找，选到“目”或“细目”"
      treeNodeFilterProp="label"
      treeNodeLabelProp="label"
      treeData={nodes(classes.data ?? [])}
      treeDefaultExpandedKeys={trail.map(({ code }) => code)}
      popupMatchSelectWidth={420}
      listHeight={320}
      value={value}
      onChange={(code?: string) => onChange?.(code)}
    />
  );
}
