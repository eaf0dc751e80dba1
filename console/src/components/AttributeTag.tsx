import { Tag } from "antd";
import { useWords } from "../hooks/useVocabulary";
import { word } from "../words/labels";

const colours: Readonly<Record<string, string>> = {
  unconditional: "green",
  conditional: "blue",
  withheld: "default",
};

/** The sharing attribute of a resource. */
export function AttributeTag({ attribute }: { attribute: string | undefined }) {
  const attributes = useWords("attribute");
  if (!attribute) return null;
  return <Tag color={colours[attribute]}>{word(attributes, attribute)}</Tag>;
}
