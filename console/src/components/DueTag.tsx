import { Tag } from "antd";
import { dueWords, type Term, type Tone } from "../words/due";

const colours: Readonly<Record<Tone, string>> = {
  calm: "blue",
  soon: "orange",
  late: "red",
  done: "green",
};

/** How a term stands, in words and colour. */
export function DueTag({ term }: { term: Term }) {
  const words = dueWords(term);
  return (
    <Tag bordered={false} color={colours[words.tone]}>
      {words.text}
    </Tag>
  );
}
