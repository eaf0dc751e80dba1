import { Timeline as AntTimeline } from "antd";
import { Link } from "react-router";
import type { Act } from "../../api/types";
import { moment } from "../../words/time";
import { ClauseTag } from "../ClauseTag";
import type { FormContext, FormField } from "../form/model";
import { FactList } from "./FactList";

interface Props {
  acts: Act[];
  fields: ReadonlyMap<string, FormField>;
  context: FormContext;
}

function who(act: Act): string {
  if (act.person_name) return [act.department_name, act.person_name].filter(Boolean).join(" ");
  return act.department_name || "平台";
}

/** What happened in a case, newest first: who, for whom, what, when, under which clause. */
export function Timeline({ acts, fields, context }: Props) {
  const newestFirst = [...acts].sort((a, b) => b.version - a.version);
  return (
    <AntTimeline
      items={newestFirst.map((act) => ({
        key: act.id,
        children: (
          <article>
            <div className="act-head">
              <strong>{act.action_name}</strong>
              <ClauseTag clause={act.clause} article={act.article} />
              {act.from !== act.to && <span className="quiet">→ {act.stage_name}</span>}
            </div>
            <div className="quiet">
              {moment(act.at)} · {who(act)}
              {act.relation_name && `（${act.relation_name}）`} · <Link to={`/receipts/${act.id}`}>存证</Link>
            </div>
            <FactList facts={act.fields ?? {}} fields={fields} context={context} />
          </article>
        ),
      }))}
    />
  );
}
