import { useRegion } from "../hooks/useNames";

/** A region by its name; by its code until that is known. */
export function RegionName({ code }: { code: string }) {
  return <span title={code}>{useRegion(code).data?.name ?? code}</span>;
}
