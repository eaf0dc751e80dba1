import { Alert, Button, Card, Form, Progress, Segmented } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import type { Entry, ReverseOutcome, ReverseRun } from "../api/types";
import { ClassPicker } from "../components/entry/ClassPicker";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { Outcomes } from "../components/reverse/Outcomes";
import { ProposalEditor } from "../components/reverse/ProposalEditor";
import { ProposalTable } from "../components/reverse/ProposalTable";
import { More } from "../components/More";
import { Waiting } from "../components/Waiting";
import { useMe } from "../hooks/useMe";
import { isOver, useCreateDrafts, useProposals, useRun, type ProposalOptions } from "../hooks/useReverse";
import { useWords } from "../hooks/useVocabulary";
import { choiceOf, draftsOf } from "../words/proposals";
import { options } from "../words/labels";
import { moment } from "../words/time";

/** Drafts that are asked for at a time. */
const atOnce = 200;

function Proposals({ run }: { run: ReverseRun }) {
  const me = useMe().data;
  const makes = me?.roles.some((role) => role === "clerk" || role === "office_head") ?? false;
  const collections = useWords("collection");
  const [asked, setAsked] = useState<ProposalOptions>({ collection: "hosted_copy" });
  const [edited, setEdited] = useState<ReadonlyMap<string, Entry>>(new Map());
  const [ticked, setTicked] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [editing, setEditing] = useState<string>();
  const [outcomes, setOutcomes] = useState<readonly ReverseOutcome[]>([]);
  const list = useProposals(run.id, asked);
  const create = useCreateDrafts(run.id);
  const proposals = list.data?.pages.flatMap((page) => page.items);
  const open = proposals?.find(({ table }) => table === editing);
  const chosen = draftsOf(proposals ?? [], ticked, edited);
  const send = () =>
    create.mutate(chosen.slice(0, atOnce), {
      onSuccess: (result) => {
        setOutcomes(result.items);
        // What was made is made; what was refused stays ticked, to be mended.
        setTicked((before) => new Map([...before, ...result.items.filter((one) => one.resource).map((one) => [one.table, false] as const)]));
        window.scrollTo({ top: 0 });
      },
    });
  return (
    <>
      <ProblemAlert error={create.error} />
      <Outcomes outcomes={outcomes} onEdit={setEditing} />
      <Card size="small" className="panel" title="各条目相同的内容">
        <Form layout="vertical" component="div">
          <div className="form-grid">
            <Form.Item label="分类" htmlFor="reverse-class">
              <ClassPicker id="reverse-class" value={asked.class_code} onChange={(class_code) => setAsked({ ...asked, class_code })} />
            </Form.Item>
            <Form.Item label="归集方式">
              <Segmented
                value={asked.collection}
                onChange={(collection) => setAsked({ ...asked, collection })}
                options={options(collections).map((one) => ({ ...one, value: one.value as ProposalOptions["collection"] }))}
              />
            </Form.Item>
          </div>
        </Form>
        <p className="quiet">已单独修改过的条目保持所改的内容。</p>
      </Card>
      <Waiting query={{ ...list, data: proposals }}>
        {(found) => (
          <Card styles={{ body: { padding: 0 } }}>
            <ProposalTable
              proposals={found}
              edited={edited}
              isTicked={(proposal) => choiceOf(proposal, ticked)}
              onTick={(tables, to) => setTicked((before) => new Map([...before, ...tables.map((table) => [table, to] as const)]))}
              onEdit={setEditing}
            />
          </Card>
        )}
      </Waiting>
      <More list={list} />
      {makes ? (
        <div className="save-bar buttons">
          <Button type="primary" disabled={chosen.length === 0} loading={create.isPending} onClick={send}>
            编成草稿（{Math.min(chosen.length, atOnce)}）
          </Button>
          {chosen.length > atOnce && <span className="quiet">一次最多 {atOnce} 个，其余的随后再编</span>}
          {list.hasNextPage && <span className="quiet">还有没有显示的表；草稿只由已显示并勾选的编成</span>}
        </div>
      ) : (
        <Alert className="gap-above" type="info" showIcon message="草稿由本部门共享工作机构的人员确认后编制。" />
      )}
      {open?.entry && (
        <ProposalEditor
          proposal={open}
          entry={edited.get(open.table) ?? open.entry}
          errors={outcomes.find((one) => one.table === open.table)}
          onClose={() => setEditing(undefined)}
          onSave={(entry) => {
            setEdited((before) => new Map(before).set(open.table, entry));
            setTicked((before) => new Map(before).set(open.table, true));
            setEditing(undefined);
          }}
        />
      )}
    </>
  );
}

/** One reading of a database: what it found, and drafts made of it. */
export function ReverseRunPage() {
  const { id = "", run: number = "" } = useParams();
  const run = useRun(number);
  return (
    <Waiting query={run}>
      {(found) => (
        <>
          <PageTitle
            title="由库结构编制目录"
            note={
              <>
                {moment(found.asked_at)} 读取{found.state === "done" && ` · ${found.count} 个表和视图`} · <Link to={`/reverse/${id}`}>返回数据源</Link>
              </>
            }
          />
          {!isOver(found) && (
            <Card role="status">
              正在读取库结构，完成后自动显示。
              <Progress percent={100} showInfo={false} status="active" size="small" />
            </Card>
          )}
          {found.state === "failed" && <Alert type="error" showIcon message={`读取失败：${found.message ?? ""}`} />}
          {found.state === "done" && <Proposals run={found} />}
        </>
      )}
    </Waiting>
  );
}
