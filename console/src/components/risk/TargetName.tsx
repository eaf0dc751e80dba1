import { Link } from "react-router";
import type { Cutoff } from "../../api/types";
import { useResource } from "../../hooks/useCatalog";
import { useGrant } from "../../hooks/useGrants";
import { useSystem } from "../../hooks/useMonitor";
import { DepartmentName } from "../DepartmentName";

/** The end of a number tells it from others; the whole is in the tooltip. */
const short = (id: string) => `…${id.slice(-6)}`;

/** A system by its name, where the reader may know it. */
export function SystemName({ id }: { id: string }) {
  return <span title={id}>{useSystem(id).data?.name ?? short(id)}</span>;
}

/** A catalog entry by its name, leading to its page. */
export function ResourceLink({ id }: { id: string }) {
  const detail = useResource(id).data;
  return <Link to={`/catalog/${id}`}>{(detail?.published ?? detail?.pending)?.entry.name || short(id)}</Link>;
}

/** A grant by its resource and the end of its number; others' grants by the number alone. */
export function GrantLink({ id }: { id: string }) {
  const grant = useGrant(id);
  const detail = useResource(grant.data?.resource).data;
  if (grant.error) return <code title={id}>{short(id)}</code>;
  return (
    <Link to={`/grants/${id}`}>
      {detail?.published?.entry.name ?? ""}（{short(id)}）
    </Link>
  );
}

/** What a cut-off is about, by name. */
export function TargetName({ target, id }: { target: Cutoff["target"]; id: string | undefined }) {
  if (!id) return null;
  switch (target) {
    case "system":
      return <SystemName id={id} />;
    case "resource":
      return <ResourceLink id={id} />;
    case "grant":
      return <GrantLink id={id} />;
    default:
      return <DepartmentName id={id} />;
  }
}
