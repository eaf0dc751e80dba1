import { useResource } from "../../hooks/useCatalog";

/** A resource by its name. */
export function ResourceName({ id }: { id: string }) {
  const detail = useResource(id).data;
  const name = (detail?.published ?? detail?.pending)?.entry.name;
  return <>{name ?? "查看授权"}</>;
}
