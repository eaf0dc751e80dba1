import { Alert, Button, Card, Input, Tag } from "antd";
import { useState, type ChangeEvent } from "react";
import { Link } from "react-router";
import type { ComparedItem } from "../../api/types";
import { useCompareForm } from "../../hooks/useGovernance";
import { matchKinds, remedyPath, verdictColours, verdicts } from "../../words/sources";
import { ClauseTag } from "../ClauseTag";
import { DepartmentName } from "../DepartmentName";
import { ProblemAlert } from "../ProblemAlert";
import { RegionName } from "../RegionName";

/** Reads a file as UTF-8, or as GB18030 where it is not valid UTF-8. */
async function readText(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

function Item({ item }: { item: ComparedItem }) {
  return (
    <Card size="small" className="panel">
      <div className="act-head">
        <strong>{item.name}</strong>
        {item.element && <code>{item.element}</code>}
        <Tag color={verdictColours[item.verdict]}>{verdicts[item.verdict]}</Tag>
        {item.note && <span className="quiet">{item.note}</span>}
      </div>
      {item.matches.length > 0 && (
        <ul className="plain-list gap-above">
          {item.matches.map((match, at) => (
            <li key={`${match.resource ?? match.provider}/${match.code ?? at}`}>
              {match.resource ? <Link to={`/catalog/${match.resource}`}>{match.resource_name}</Link> : "尚未发布"}
              {match.name && `：${match.name}`}（<DepartmentName id={match.provider} />
              {match.region && (
                <>
                  ，<RegionName code={match.region} />
                </>
              )}
              ）<Tag>{matchKinds[match.kind]}</Tag>
              {match.partial && <Tag color="orange">只有本区域的一部分</Tag>}
              {match.why !== matchKinds[match.kind] && <div className="quiet">{match.why}</div>}
            </li>
          ))}
        </ul>
      )}
      <div className="small-title">可以怎样办</div>
      <ul className="plain-list">
        {item.remedies.map((remedy) => {
          const path = remedyPath(remedy, item.name);
          return <li key={remedy.kind + (remedy.subject ?? "")}>{path ? <Link to={path}>{remedy.text}</Link> : remedy.text}</li>;
        })}
      </ul>
    </Card>
  );
}

/** Compares a form that is being planned with the catalog, before any case (CN-19.1). */
export function TrialPanel() {
  const [text, setText] = useState("");
  const compare = useCompareForm();
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (file) setText(await readText(file).catch(() => ""));
    event.target.value = "";
  };
  return (
    <>
      <Card size="small" className="panel">
        <p>
          把拟收集的项目粘贴在这里，一行一项；也可以粘贴表格或者选择 CSV 文件，列依次为名称、标准数据元、说明，可以有表头。只作比对，不立案，也不保存{" "}
          <ClauseTag clause="CN-19.1" />
        </p>
        <Input.TextArea
          aria-label="拟收集的项目"
          autoSize={{ minRows: 5, maxRows: 16 }}
          maxLength={100_000}
          value={text}
          placeholder={"姓名\n公民身份号码,DE-00001\n户籍地址"}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="buttons gap-above">
          <Button type="primary" disabled={text.trim() === ""} loading={compare.isPending} onClick={() => compare.mutate(text)}>
            比对
          </Button>
          <label>
            <span className="quiet">或者选择文件：</span>
            <input type="file" accept=".csv,.txt,.tsv" aria-label="选择收集项目文件" onChange={(event) => void choose(event)} />
          </label>
        </div>
      </Card>
      <ProblemAlert error={compare.error} />
      {compare.data && (
        <section aria-label="比对结果">
          <Alert
            className="gap-below"
            type="info"
            showIcon
            message={`共 ${compare.data.items.length} 项：${compare.data.shareable} 项可以通过共享取得，${compare.data.partly} 项部分区域可以，${compare.data.not_there} 项目录中没有。`}
          />
          {compare.data.items.map((item, at) => (
            <Item key={`${at}/${item.name}`} item={item} />
          ))}
        </section>
      )}
    </>
  );
}
