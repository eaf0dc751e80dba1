import { Button, Tag } from "antd";
import type { ReactNode } from "react";
import type { SearchFacet } from "../../api/types";
import { useDepartment, useRegion } from "../../hooks/useNames";
import { useClasses } from "../../hooks/useScheme";
import { classTrail } from "../../words/classes";
import { conditionsOf, manyFacets, placed, toggled, treeFacets, type ManyFacet, type Search, type TreeFacet } from "../../words/search";
import { regionCode } from "./TreeTrail";

function ProviderName({ id }: { id: string }) {
  return <>{useDepartment(id).data?.name ?? "提供部门"}</>;
}

function RegionPlace({ value }: { value: string }) {
  const name = useRegion(regionCode(value)).data?.name ?? regionCode(value);
  return <>{value.endsWith("-own") ? `${name}本级` : name}</>;
}

function ClassPlace({ code }: { code: string }) {
  return <>{classTrail(useClasses().data ?? [], code).at(-1)?.name ?? code}</>;
}

interface Props {
  search: Search;
  /** For the names of the values. */
  facets: readonly SearchFacet[];
  onChange: (search: Search) => void;
}

/** What was chosen of the facets, each to be taken back. */
export function Chosen({ search, facets, onChange }: Props) {
  if (conditionsOf(search) === 0) return null;
  const facetOf = (name: string) => facets.find((facet) => facet.name === name);
  const treeName = (facet: TreeFacet, value: string): ReactNode =>
    facet === "region" ? <RegionPlace value={value} /> : <ClassPlace code={value} />;
  const manyName = (facet: ManyFacet, value: string): ReactNode =>
    facet === "provider" ? (
      <ProviderName id={value} />
    ) : (
      (facetOf(facet)?.counts.find((count) => count.value === value)?.label ?? value)
    );
  return (
    <div className="chosen" role="group" aria-label="已选条件">
      {treeFacets.map((facet) => {
        const value = search.tree[facet];
        return (
          value && (
            <Tag key={facet} closable closeIcon={closing} onClose={() => onChange(placed(search, facet, undefined))}>
              {facetOf(facet)?.label}：{treeName(facet, value)}
            </Tag>
          )
        );
      })}
      {manyFacets.flatMap((facet) =>
        (search.many[facet] ?? []).map((value) => (
          <Tag key={`${facet}/${value}`} closable closeIcon={closing} onClose={() => onChange(toggled(search, facet, value))}>
            {facetOf(facet)?.label}：{manyName(facet, value)}
          </Tag>
        )),
      )}
      <Button type="link" size="small" onClick={() => onChange({ q: search.q, many: {}, tree: {} })}>
        全部清除
      </Button>
    </div>
  );
}

const closing = <span aria-label="去掉此条件">×</span>;
