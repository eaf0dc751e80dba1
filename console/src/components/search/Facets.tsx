import { Button, Checkbox } from "antd";
import { useState } from "react";
import type { SearchFacet } from "../../api/types";
import { isMany, isTree, placed, toggled, type Search } from "../../words/search";
import { TreeTrail } from "./TreeTrail";

/** Values of a facet that are shown before the reader asks for the rest. */
const few = 8;

interface Props {
  facet: SearchFacet;
  search: Search;
  onChange: (search: Search) => void;
}

/** Chosen values come first, and stay although nothing is left of them. */
function lines(facet: SearchFacet, chosen: readonly string[]) {
  const gone = chosen
    .filter((value) => !facet.counts.some((count) => count.value === value))
    .map((value) => ({ value, label: "", count: 0 }));
  return [...facet.counts, ...gone.filter(({ label }) => label !== "")];
}

function Values({ facet, search, onChange }: Props) {
  const [all, setAll] = useState(false);
  const name = facet.name;
  const chosen = isMany(name) ? (search.many[name] ?? []) : [];
  const every = lines(facet, chosen);
  const shown = all ? every : every.filter((line, at) => at < few || chosen.includes(line.value));
  return (
    <>
      <ul className="facet-values">
        {shown.map(({ value, label, count }) => (
          <li key={value}>
            {isMany(name) ? (
              <Checkbox checked={chosen.includes(value)} onChange={() => onChange(toggled(search, name, value))}>
                {label}
              </Checkbox>
            ) : (
              <Button
                type="link"
                size="small"
                className="facet-place"
                onClick={() => isTree(name) && onChange(placed(search, name, value))}
              >
                {label}
              </Button>
            )}
            <span className="facet-count">{count.toLocaleString("zh-CN")}</span>
          </li>
        ))}
      </ul>
      {every.length > few && (
        <Button type="link" size="small" onClick={() => setAll(!all)}>
          {all ? "收起" : `显示全部 ${every.length} 个`}
        </Button>
      )}
      {(facet.more ?? 0) > 0 && (all || every.length <= few) && (
        <div className="quiet">另有 {facet.more} 个没有列出，可在检索框中加上名称</div>
      )}
    </>
  );
}

/** The facets of a result: how many hits have each value, and choosing among them. */
export function Facets({ facets, search, onChange }: { facets: readonly SearchFacet[] } & Omit<Props, "facet">) {
  return (
    <>
      {facets.map((facet) => {
        const place = isTree(facet.name) ? search.tree[facet.name] : undefined;
        if (facet.counts.length === 0 && !place) return null;
        return (
          <section key={facet.name} className="facet" aria-label={facet.label}>
            <h2>{facet.label}</h2>
            {isTree(facet.name) && place && (
              <TreeTrail
                facet={facet.name}
                place={place}
                onGo={(to) => isTree(facet.name) && onChange(placed(search, facet.name, to))}
              />
            )}
            <Values facet={facet} search={search} onChange={onChange} />
          </section>
        );
      })}
    </>
  );
}
