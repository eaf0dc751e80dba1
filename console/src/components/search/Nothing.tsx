import { Button, Empty } from "antd";
import { Link } from "react-router";
import { conditionsOf, type Search } from "../../words/search";

/** Nothing was found: fewer conditions, other words, or a demand for what is missing. */
export function Nothing({ search, onChange }: { search: Search; onChange: (search: Search) => void }) {
  const narrowed = conditionsOf(search) > 0;
  return (
    <Empty
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      description={
        <>
          <p className="told">
            {search.q ? `没有找到与“${search.q}”相符的目录条目。` : "没有符合条件的目录条目。"}
            {narrowed ? "可以去掉一些条件再看。" : search.q ? "可以换个说法，或者只留一两个关键的字。" : ""}
          </p>
          <div className="buttons centred">
            {narrowed && <Button onClick={() => onChange({ q: search.q, many: {}, tree: {} })}>去掉全部条件</Button>}
            {search.q && (
              <Link to={`/demands/new?words=${encodeURIComponent(search.q)}`}>
                <Button type="primary">没有找到?提出数据需求</Button>
              </Link>
            )}
          </div>
        </>
      }
    />
  );
}
