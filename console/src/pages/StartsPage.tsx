import { Card, Empty, Input } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { Start } from "../api/types";
import { ClauseTag } from "../components/ClauseTag";
import { PageTitle } from "../components/PageTitle";
import { Waiting } from "../components/Waiting";
import { useStarts } from "../hooks/useStarts";
import { byChapter, matching, startPath, whoWords } from "../words/starts";

function StartCard({ start }: { start: Start }) {
  return (
    <li className="start-card">
      <strong>
        <Link to={startPath(start)}>{start.procedure_name}</Link>
      </strong>
      <span>{start.action.name}</span>
      <div className="start-card-foot">
        <span className="quiet">由{whoWords(start.who)}发起</span>
        <ClauseTag clause={start.clause} article={start.article} />
      </div>
    </li>
  );
}

function Found({ starts, q }: { starts: Start[]; q: string }) {
  const groups = byChapter(matching(starts, q));
  if (groups.length === 0) {
    return (
      <Card>
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          description={q.trim() ? "没有符合的办理事项" : "您的角色没有可以发起的办理事项"}
        />
      </Card>
    );
  }
  return (
    <>
      {groups.map((group) => (
        <section key={group.key} aria-label={`${group.instrument}${group.chapter}`}>
          <h2 className="chapter-title">
            {group.chapter} <span className="quiet">《{group.instrument}》</span>
          </h2>
          <ul className="start-list" style={{ padding: 0, margin: 0, listStyle: "none" }}>
            {group.starts.map((start) => (
              <StartCard key={`${start.procedure}/${start.action.id}`} start={start} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

/** Everything that the reader may begin, by chapter of the law. */
export function StartsPage() {
  const [q, setQ] = useState("");
  return (
    <>
      <PageTitle title="发起办件" note="本人按角色可以发起的全部法定事项，按所依据的法规和章节排列。" />
      <div className="filters" role="search">
        <Input.Search
          className="grow"
          aria-label="查找办理事项"
          placeholder="事项、条款或者由谁发起"
          allowClear
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
      </div>
      <Waiting<Start[]> query={useStarts()}>{(starts) => <Found starts={starts} q={q} />}</Waiting>
    </>
  );
}
