import { Button, Card, Empty, Form, Input, Tag } from "antd";
import { memo, useCallback, useMemo, useState, type ReactNode } from "react";
import type { Advice, Entry, Item, LevelProposal } from "../../api/types";
import { useEntryAdvice, useResourceAdvice } from "../../hooks/useAdvice";
import { useSettled } from "../../hooks/useSettled";
import { useWords } from "../../hooks/useVocabulary";
import { ClauseTag } from "../ClauseTag";
import { ProblemAlert } from "../ProblemAlert";
import { Word } from "../Word";
import { accepted, citing, deviating, entryBelow, isOpen, merged } from "./advice";
import type { EditItem } from "./GridCell";
import { tidyEntry } from "./tidy";

function Line({ what, why, children }: { what: ReactNode; why: ReactNode; children: ReactNode }) {
  return (
    <li className="advice-line">
      <div className="advice-words">
        {what}
        <div className="quiet">{why}</div>
      </div>
      <div className="buttons">{children}</div>
    </li>
  );
}

interface ProposalProps {
  item: Item;
  proposal: LevelProposal;
  onAccept: () => void;
  onDeviate: (reason: string) => void;
}

function ProposalLine({ item, proposal, onAccept, onDeviate }: ProposalProps) {
  const [reason, setReason] = useState<string>();
  const send = () => {
    if (reason?.trim()) onDeviate(reason);
  };
  return (
    <Line
      what={
        <>
          <strong>{item.name || item.code}</strong> <code>{item.code}</code>：<Word of="level" code={proposal.level} />
          {proposal.sensitivity && (
            <>
              {" "}
              <Tag bordered={false}>
                <Word of="sensitivity" code={proposal.sensitivity} />
              </Tag>
            </>
          )}
          {proposal.masked && (
            <Tag bordered={false} color="gold">
              脱敏
            </Tag>
          )}
        </>
      }
      why={proposal.reason}
    >
      {reason === undefined ? (
        <>
          <Button size="small" type="primary" ghost onClick={onAccept}>
            采纳
          </Button>
          <Button size="small" onClick={() => setReason("")}>
            不采纳
          </Button>
        </>
      ) : (
        <>
          <Input
            size="small"
            autoFocus
            maxLength={500}
            aria-label={`${item.name || item.code}不采纳的理由`}
            placeholder="不采纳的理由（必填）"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            onPressEnter={(event) => {
              event.preventDefault();
              send();
            }}
          />
          <Button size="small" disabled={!reason.trim()} onClick={send}>
            确定
          </Button>
          <Button size="small" type="text" onClick={() => setReason(undefined)}>
            取消
          </Button>
        </>
      )}
    </Line>
  );
}

/** Changes the item of a code, wherever it stands by then. */
type EditByCode = (code: string, change: (item: Item) => Item) => void;

interface Props {
  /** The resource, once there is one: of hosted data the values are looked at as well. */
  resource: string | undefined;
  edit: EditItem;
}

interface ListProps {
  advice: Advice;
  entry: Entry;
  edit: EditByCode;
}

function Proposals({ advice, entry, edit }: ListProps) {
  const form = Form.useFormInstance<Entry>();
  const levels = Object.keys(useWords("level"));
  const items = new Map((entry.items ?? []).map((item) => [item.code, item]));
  const open = advice.items.flatMap((proposal) => {
    const item = items.get(proposal.item);
    return item && isOpen(item, proposal, levels) ? [{ item, proposal }] : [];
  });
  const elements = advice.elements.flatMap(({ item: code, elements }) => {
    const item = items.get(code);
    const best = elements[0];
    return item && best && !item.element ? [{ item, elements, exact: best.match === "name" || best.match === "alias" ? best : undefined }] : [];
  });
  const exact = elements.filter((one) => one.exact);
  const below = entryBelow(entry, advice, levels);
  const unsaid = advice.personal_info && !entry.personal_info;
  const takeEntry = () => {
    if (below) form.setFieldValue("level", advice.level);
    if (unsaid) form.setFieldValue("personal_info", true);
  };
  const takeAll = () => {
    for (const { proposal } of open) edit(proposal.item, (item) => accepted(item, proposal, levels));
    takeEntry();
  };
  if (open.length === 0 && elements.length === 0 && !below && !unsaid) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有待处理的建议" />;
  }
  return (
    <>
      {(open.length > 0 || below || unsaid) && (
        <>
          <div className="advice-head">
            <h3 className="small-title">分级和个人信息（{open.length + Number(below || unsaid)}）</h3>
            <Button size="small" type="primary" onClick={takeAll}>
              全部采纳
            </Button>
          </div>
          <ul className="advice-list">
            {(below || unsaid) && (
              <Line
                what={
                  <>
                    <strong>目录条目</strong>：{below && <Word of="level" code={advice.level} />} {unsaid && "标明含个人信息"}
                  </>
                }
                why="目录条目的级别不低于其数据项中最高的"
              >
                <Button size="small" type="primary" ghost onClick={takeEntry}>
                  采纳
                </Button>
              </Line>
            )}
            {open.map(({ item, proposal }) => (
              <ProposalLine
                key={`${item.code}/${proposal.rule}`}
                item={item}
                proposal={proposal}
                onAccept={() => edit(item.code, (before) => accepted(before, proposal, levels))}
                onDeviate={(reason) => edit(item.code, (before) => deviating(before, reason))}
              />
            ))}
          </ul>
        </>
      )}
      {elements.length > 0 && (
        <>
          <div className="advice-head">
            <h3 className="small-title">标准数据元（{elements.length}）</h3>
            {exact.length > 0 && (
              <Button
                size="small"
                type="primary"
                onClick={() => exact.forEach(({ item, exact }) => exact && edit(item.code, (item) => citing(item, exact.element)))}
              >
                引用名称相同的（{exact.length}）
              </Button>
            )}
          </div>
          <ul className="advice-list">
            {elements.map(({ item, elements }) => (
              <Line
                key={item.code}
                what={
                  <>
                    <strong>{item.name || item.code}</strong> <code>{item.code}</code>
                  </>
                }
                why="引用后，未填的类型、长度、格式、值域随数据元填入"
              >
                {elements.map(({ element }) => (
                  <Button key={element.code} size="small" title={element.definition} onClick={() => edit(item.code, (before) => citing(before, element))}>
                    {element.name} {element.code}
                  </Button>
                ))}
              </Line>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** What is proposed for the entry as it stood when typing paused. */
const Settled = memo(function Settled({ entry, resource, edit }: { entry: Entry; resource: string | undefined; edit: EditByCode }) {
  const asked = useEntryAdvice(useMemo(() => tidyEntry(entry), [entry]));
  const saved = useResourceAdvice(resource);
  const levels = Object.keys(useWords("level"));
  const advice = merged(asked.data, saved.data, levels);
  if (asked.error) return <ProblemAlert error={asked.error} onRetry={() => void asked.refetch()} />;
  if (!advice) return <p className="quiet">填写数据项后，平台按标准数据元、名称、列名提出建议。</p>;
  return <Proposals advice={advice} entry={entry} edit={edit} />;
});

const blank: Entry = { name: "" };

/**
 * What the rules propose, for a person to accept or to depart from with a
 * reason (CN-13.2). Only this panel follows everything that is typed, and it
 * thinks about it when typing pauses.
 */
export function AdvicePanel({ resource, edit }: Props) {
  const form = Form.useFormInstance<Entry>();
  const entry = Form.useWatch((values: Entry) => values, { form, preserve: true }) as Entry | undefined;
  const settled = useSettled(entry ?? blank, 500);
  const byCode: EditByCode = useCallback(
    (code, change) => {
      const items: Item[] = form.getFieldValue("items") ?? [];
      const at = items.findIndex((item) => item.code === code);
      if (at >= 0) edit(at, change);
    },
    [form, edit],
  );
  return (
    <Card size="small" className="panel" title={<>分级与数据元建议 <ClauseTag clause="CN-13.2" /></>}>
      <Settled entry={settled} resource={resource} edit={byCode} />
    </Card>
  );
}
