import { Checkbox, Tag } from "antd";
import { Link } from "react-router";
import type { SearchHit } from "../../api/types";
import { day } from "../../words/time";
import { AttributeTag } from "../AttributeTag";
import { Word } from "../Word";
import { Marked, plain } from "./Marked";

const stateColours: Readonly<Record<string, string>> = { draft: "gold", submitted: "orange" };

interface HitProps {
  hit: SearchHit;
  picked: boolean;
  /** Nothing: it cannot be ticked. */
  onPick?: (picked: boolean) => void;
}

function Facts({ hit }: { hit: SearchHit }) {
  const parts = [
    hit.methods.length > 0 && hit.methods.map((method, at) => [at > 0 && "、", <Word key={method} of="method" code={method} />]),
    hit.frequency && [<Word key="f" of="frequency" code={hit.frequency} />, "更新"],
    hit.level && <Word key="l" of="level" code={hit.level} />,
    hit.linked ? <Word key="c" of="collection" code={hit.linked} /> : "未挂接",
    `${hit.items} 个数据项`,
    hit.quality !== undefined && `质量 ${hit.quality.toFixed(0)} 分`,
    `${hit.state === "published" ? "发布于" : "编制于"} ${day(hit.at)}`,
  ].filter(Boolean);
  return (
    <div className="hit-facts quiet">
      {parts.map((part, at) => (
        <span key={at}>{part}</span>
      ))}
    </div>
  );
}

function Hit({ hit, picked, onPick }: HitProps) {
  const name = plain(hit.name) || "（未命名）";
  return (
    <li className="hit">
      <Checkbox
        aria-label={`选择${name}`}
        disabled={!onPick}
        checked={picked}
        onChange={(event) => onPick?.(event.target.checked)}
      />
      <div className="hit-body">
        <div className="hit-head">
          <Link to={`/catalog/${hit.resource}`} className="hit-name">
            {hit.name.length > 0 ? <Marked parts={hit.name} /> : name}
          </Link>
          <AttributeTag attribute={hit.attribute} />
          {hit.state !== "published" && (
            <Tag color={stateColours[hit.state]}>
              <Word of="version_status" code={hit.state} />
            </Tag>
          )}
        </div>
        <div className="quiet">
          <code>
            <Marked parts={hit.code} />
          </code>{" "}
          · <Marked parts={hit.provider_name} /> · {hit.region_name}
        </div>
        {hit.abstract.length > 0 && (
          <div className="hit-abstract">
            <Marked parts={hit.abstract} />
          </div>
        )}
        {hit.item_hits.length > 0 && (
          <div className="hit-items">
            命中数据项：
            {hit.item_hits.map((item) => (
              <span key={plain(item.code)} className="hit-item">
                <Marked parts={item.name} />{" "}
                <code>
                  <Marked parts={item.code} />
                </code>
              </span>
            ))}
            {hit.matched_items > hit.item_hits.length && <span className="quiet">等 {hit.matched_items} 项</span>}
          </div>
        )}
        <Facts hit={hit} />
      </div>
    </li>
  );
}

interface Props {
  hits: readonly SearchHit[];
  picked: ReadonlySet<string>;
  pickable: (hit: SearchHit) => boolean;
  onPick: (resource: string, picked: boolean) => void;
}

/** What a search found. */
export function Hits({ hits, picked, pickable, onPick }: Props) {
  return (
    <ol className="hits" aria-label="检索结果">
      {hits.map((hit) => (
        <Hit
          key={`${hit.resource}/${hit.version}`}
          hit={hit}
          picked={picked.has(hit.resource)}
          onPick={pickable(hit) ? (to) => onPick(hit.resource, to) : undefined}
        />
      ))}
    </ol>
  );
}
