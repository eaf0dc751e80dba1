import { Descriptions } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Entry, Version } from "../api/types";
import { useResourceByCode } from "../hooks/useCatalog";
import { useClasses } from "../hooks/useScheme";
import { useWords, type VocabularyID } from "../hooks/useVocabulary";
import { classTrail } from "../words/classes";
import { word } from "../words/labels";
import { moment } from "../words/time";
import { Word } from "./Word";

/** Fields whose codes have names. */
const coded: Readonly<Partial<Record<keyof Entry, VocabularyID>>> = {
  format_kind: "format_kind",
  frequency: "frequency",
  methods: "method",
  level: "level",
  collection: "collection",
  open_attribute: "open_attribute",
};

/** What is told of an entry, in this order; name and sharing attribute stand above it. */
const told = [
  "abstract", "class_code", "format_kind", "format", "frequency", "methods", "level", "category", "personal_info",
  "collection", "use_conditions", "scope_of_use", "purposes", "legal_basis", "withheld_reason", "open_attribute",
  "source_system", "duty_basis", "contact", "upstream", "related",
] as const satisfies readonly (keyof Entry)[];

function ClassName({ code }: { code: string }) {
  const trail = classTrail(useClasses().data ?? [], code);
  return (
    <>
      {trail.length > 0 ? trail.map(({ name }) => name).join(" / ") : ""} <code>{code}</code>
    </>
  );
}

/** Another resource by its code, as a link once it is known. */
function Related({ code }: { code: string }) {
  const found = useResourceByCode(code).data;
  return found ? (
    <Link to={`/catalog/${found.id}`}>
      {found.name} <code>{code}</code>
    </Link>
  ) : (
    <code>{code}</code>
  );
}

function value(entry: Entry, field: (typeof told)[number]): ReactNode {
  const of = coded[field];
  switch (field) {
    case "class_code":
      return entry.class_code && <ClassName code={entry.class_code} />;
    case "personal_info":
      return entry.personal_info ? "是" : "否";
    case "upstream":
      return entry.upstream?.url;
    case "related":
      return (
        (entry.related ?? []).length > 0 && (
          <ul className="plain-list">
            {(entry.related ?? []).map((code) => (
              <li key={code}>
                <Related code={code} />
              </li>
            ))}
          </ul>
        )
      );
    default: {
      const content = entry[field];
      if (content === undefined || content.length === 0) return undefined;
      if (!of) return Array.isArray(content) ? content.join("、") : content;
      const codes = Array.isArray(content) ? content : [content];
      return codes.map((code, at) => [at > 0 && "、", <Word key={code} of={of} code={code} />]);
    }
  }
}

/** What a version says of its resource, besides the items. */
export function EntryFacts({ version }: { version: Version }) {
  const fields = useWords("entry_field");
  const facts = told.map((field) => ({ key: field as string, label: word(fields, field), children: value(version.entry, field) }));
  if (version.published_at) facts.push({ key: "published_at", label: "发布时间", children: moment(version.published_at) });
  return <Descriptions size="small" column={{ xs: 1, sm: 1, md: 2, xl: 3 }} items={facts.filter(({ children }) => Boolean(children))} />;
}
