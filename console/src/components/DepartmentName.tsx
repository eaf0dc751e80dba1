import { useDepartment } from "../hooks/useNames";

/** A department by its name. */
export function DepartmentName({ id }: { id: string | undefined }) {
  const department = useDepartment(id);
  return <>{department.data?.name ?? "—"}</>;
}
