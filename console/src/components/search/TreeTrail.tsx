import { Button } from "antd";
import { useClasses } from "../../hooks/useScheme";
import { useRegion } from "../../hooks/useNames";
import { classTrail } from "../../words/classes";
import type { TreeFacet } from "../../words/search";

interface Props {
  place: string;
  onGo: (to: string | undefined) => void;
}

/** The part of a region's value that is a code: what ends in "-own" is the government of that level itself. */
export const regionCode = (value: string) => value.replace(/-own$/, "");

function Trail({ steps, onGo }: { steps: { value: string | undefined; name: string }[]; onGo: Props["onGo"] }) {
  return (
    <div className="facet-trail">
      <Button type="link" size="small" onClick={() => onGo(undefined)}>
        全部
      </Button>
      {steps.map(({ value, name }, at) => (
        <span key={value}>
          {" / "}
          {at === steps.length - 1 ? (
            <strong>{name}</strong>
          ) : (
            <Button type="link" size="small" onClick={() => onGo(value)}>
              {name}
            </Button>
          )}
        </span>
      ))}
    </div>
  );
}

function RegionTrail({ place, onGo }: Props) {
  const here = useRegion(regionCode(place)).data;
  const above = useRegion(here?.parent).data;
  const name = here?.name ?? regionCode(place);
  return (
    <Trail
      onGo={onGo}
      steps={[
        ...(above ? [{ value: above.code, name: above.name }] : []),
        { value: place, name: place.endsWith("-own") ? `${name}本级` : name },
      ]}
    />
  );
}

function ClassTrail({ place, onGo }: Props) {
  const classes = useClasses().data ?? [];
  const trail = classTrail(classes, place);
  return (
    <Trail onGo={onGo} steps={trail.length > 0 ? trail.map(({ code, name }) => ({ value: code, name })) : [{ value: place, name: place }]} />
  );
}

/** Where in a tree the reader is, and the way back up. */
export function TreeTrail({ facet, ...rest }: Props & { facet: TreeFacet }) {
  return facet === "region" ? <RegionTrail {...rest} /> : <ClassTrail {...rest} />;
}
