import { Card } from "antd";
import { Link } from "react-router";
import { useQuality } from "../../hooks/useQuality";
import { Waiting } from "../Waiting";
import { EntryScore } from "./EntryScore";

/** On an entry's page: how well it is filled, and how good its data were found. */
export function EntryQualityCard({ resource }: { resource: string }) {
  return (
    <Waiting query={useQuality(resource)}>
      {({ entry, latest }) => (
        <div className="panels">
          <Card size="small" title={entry ? `目录条目：${entry.score.toFixed(1)} 分` : "目录条目"}>
            {entry ? <EntryScore entry={entry} /> : <p className="told">尚未评分，发布后由平台自动进行。</p>}
          </Card>
          <Card size="small" title={latest ? `数据：${latest.scores.total.toFixed(1)} 分` : "数据"}>
            {latest ? (
              <Link to={`/catalog/${resource}/quality`}>查看检查结果和走势</Link>
            ) : (
              <p className="told">尚未检查过数据质量；逻辑接入的数据不在平台上，不检查。</p>
            )}
          </Card>
        </div>
      )}
    </Waiting>
  );
}
