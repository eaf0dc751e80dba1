import { Link } from "react-router";
import { factWords } from "../../words/facts";
import { LawClause } from "../LawClause";
import { namesLiability, recordKind, type FormContext, type FormField, type RecordKind } from "../form/model";

interface Props {
  facts: Readonly<Record<string, unknown>>;
  fields: ReadonlyMap<string, FormField>;
  context: FormContext;
}

/** Pages of the records that a fact may name. */
const pages: Readonly<Partial<Record<RecordKind, { path: string; name: string }>>> = {
  grant: { path: "/grants/", name: "查看授权" },
  resource: { path: "/catalog/", name: "查看目录条目" },
  case: { path: "/cases/", name: "查看办件" },
};

interface FactProps {
  value: unknown;
  field: FormField | undefined;
  context: FormContext;
}

/** One filled field: a record leads to its page, a filed document is told by its digest. */
function Fact({ value, field, context }: FactProps) {
  const told = Array.isArray(value) ? value.map(String) : typeof value === "string" && value ? [value] : [];
  if (field?.type === "evidence" && told.length > 0) return <code title="SHA-256 摘要">{told.join(" ")}</code>;
  if (field && namesLiability(field) && told.length > 0) {
    return (
      <>
        {told.map((clause) => (
          <LawClause key={clause} clause={clause} gist />
        ))}
      </>
    );
  }
  const page = field?.type === "id" || field?.type === "ids" ? pages[recordKind(field)] : undefined;
  if (!page || told.length === 0) return <>{factWords(value, field, context)}</>;
  return (
    <div className="buttons">
      {told.map((id, at) => (
        <Link key={id} to={page.path + id}>
          {context.names[id] ?? `${page.name}${told.length > 1 ? ` ${at + 1}` : ""}`}
        </Link>
      ))}
    </div>
  );
}

/** Filled fields with their names, in words. */
export function FactList({ facts, fields, context }: Props) {
  const order = [...fields.keys()];
  const at = (name: string) => (fields.has(name) ? order.indexOf(name) : order.length);
  const entries = Object.entries(facts).sort(([a], [b]) => at(a) - at(b));
  if (entries.length === 0) return null;
  return (
    <dl className="act-fields">
      {entries.map(([name, value]) => {
        const field = fields.get(name);
        return (
          <div key={name} style={{ display: "contents" }}>
            <dt>{field?.name ?? name}</dt>
            <dd>
              <Fact value={value} field={field} context={context} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
