import { Card, Statistic } from "antd";
import type { QualityPoint } from "../../api/types";
import { qualityDimensions } from "../../words/labels";

type Dimension = "completeness" | "validity" | "uniqueness" | "consistency" | "timeliness";

/** Scores of one run: the total, then each dimension that was measured. */
export function Scores({ scores }: { scores: QualityPoint["scores"] }) {
  const parts = Object.entries(qualityDimensions).map(([key, name]) => ({ name, score: scores[key as Dimension] }));
  return (
    <div className="buttons gap-below">
      <Card size="small">
        <Statistic title="总分" value={scores.total} precision={1} />
      </Card>
      {parts.map(({ name, score }) => (
        <Card size="small" key={name}>
          <Statistic title={name} value={score ?? "未检查"} precision={score === undefined ? undefined : 1} />
        </Card>
      ))}
    </div>
  );
}
