import { Tag } from "antd";
import type { Grant } from "../../api/types";
import { grantStates, word } from "../../words/labels";

const colours: Readonly<Record<string, string>> = {
  active: "green",
  not_yet: "blue",
  suspended: "orange",
  terminated: "red",
};

/** A grant's status now; when suspended, by whom. */
export function GrantStatus({ grant }: { grant: Grant }) {
  const by = [
    grant.suspended_consumer && "需求部门",
    grant.suspended_provider && "提供部门",
    grant.suspended_authority && "主管部门",
  ].filter(Boolean);
  return (
    <Tag color={colours[grant.status]}>
      {word(grantStates, grant.status)}
      {grant.status === "suspended" && by.length > 0 && `（${by.join("、")}）`}
    </Tag>
  );
}
