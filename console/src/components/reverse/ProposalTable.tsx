import { Button, Checkbox, Empty, Table, Tag, type TableColumnsType } from "antd";
import { Link } from "react-router";
import type { Entry, ReverseProposal } from "../../api/types";
import { word } from "../../words/labels";
import { canDraft } from "../../words/proposals";
import { refusals } from "../../words/reverse";

interface Props {
  proposals: readonly ReverseProposal[];
  edited: ReadonlyMap<string, Entry>;
  isTicked: (proposal: ReverseProposal) => boolean;
  onTick: (tables: readonly string[], to: boolean) => void;
  onEdit: (table: string) => void;
}

/** Why a table is not proposed, or what became of it. */
function Why({ proposal }: { proposal: ReverseProposal }) {
  if (proposal.refused) return <Tag color="red">{proposal.reason || word(refusals, proposal.refused)}</Tag>;
  if (proposal.resource) {
    return (
      <Link to={`/catalog/${proposal.resource}`}>
        <Tag color="green">已编制，查看</Tag>
      </Link>
    );
  }
  return proposal.selected ? null : <Tag>{proposal.reason || "不建议编目"}</Tag>;
}

/** The tables of a database with the entry that is proposed for each. */
export function ProposalTable({ proposals, edited, isTicked, onTick, onEdit }: Props) {
  const able = proposals.filter(canDraft);
  const ticked = able.filter(isTicked);
  const columns: TableColumnsType<ReverseProposal> = [
    {
      title: (
        <Checkbox
          aria-label="选择全部可以编目的表"
          checked={able.length > 0 && ticked.length === able.length}
          indeterminate={ticked.length > 0 && ticked.length < able.length}
          onChange={(event) => onTick(able.map(({ table }) => table), event.target.checked)}
        />
      ),
      key: "tick",
      width: 44,
      render: (_, proposal) => (
        <Checkbox
          aria-label={`选择${proposal.table}`}
          disabled={!canDraft(proposal)}
          checked={isTicked(proposal)}
          onChange={(event) => onTick([proposal.table], event.target.checked)}
        />
      ),
    },
    {
      title: "表",
      key: "table",
      render: (_, proposal) => (
        <>
          <code>{proposal.table}</code> {proposal.view && <Tag bordered={false}>视图</Tag>}
          {proposal.rows !== undefined && <div className="quiet">约 {proposal.rows.toLocaleString("zh-CN")} 行</div>}
        </>
      ),
    },
    {
      title: "建议的目录条目",
      key: "entry",
      render: (_, proposal) => {
        const entry = edited.get(proposal.table) ?? proposal.entry;
        return (
          <>
            {entry?.name} {edited.has(proposal.table) && !proposal.resource && <Tag color="blue">已修改</Tag>} <Why proposal={proposal} />
            {entry && <div className="quiet">{entry.items?.length ?? 0} 个数据项</div>}
            {proposal.notes.map((note) => (
              <div key={note} className="quiet">
                {note}
              </div>
            ))}
          </>
        );
      },
    },
    {
      title: "报送前还须补全",
      key: "missing",
      responsive: ["md"],
      render: (_, { missing }) =>
        missing.length > 0 ? (
          <details>
            <summary>{missing.length} 处</summary>
            <ul className="plain-list quiet">
              {missing.map((one) => (
                <li key={`${one.field}/${one.code}`}>{one.message}</li>
              ))}
            </ul>
          </details>
        ) : (
          "—"
        ),
    },
    {
      title: "",
      key: "edit",
      width: 80,
      render: (_, proposal) =>
        canDraft(proposal) && (
          <Button size="small" aria-label={`修改${proposal.table}的建议`} onClick={() => onEdit(proposal.table)}>
            修改
          </Button>
        ),
    },
  ];
  return (
    <Table<ReverseProposal>
      rowKey="table"
      size="small"
      columns={columns}
      dataSource={[...proposals]}
      pagination={false}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="数据库中没有可以读取的表" /> }}
    />
  );
}
