import { factWords } from "../../words/facts";
import type { FormContext, FormField } from "../form/model";

interface Props {
  facts: Readonly<Record<string, unknown>>;
  fields: ReadonlyMap<string, FormField>;
  context: FormContext;
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
            <dd>{factWords(value, field, context)}</dd>
          </div>
        );
      })}
    </dl>
  );
}
