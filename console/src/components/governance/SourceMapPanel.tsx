import { DownloadOutlined } from "@ant-design/icons";
import { App, Button, Card, Empty, Input, Table, Tag, type TableColumnsType } from "antd";
import { useState } from "react";
import { problemOf } from "../../api/problem";
import type { DepartmentElement, SourceMapLine } from "../../api/types";
import { fetchSourceMap, useDepartmentSources, useSourceMap } from "../../hooks/useGovernance";
import { useMe } from "../../hooks/useMe";
import { useSettled } from "../../hooks/useSettled";
import { saveBlob } from "../../words/save";
import { countsOf, elementColours, elementStates } from "../../words/sources";
import { day } from "../../words/time";
import { DepartmentName } from "../DepartmentName";
import { More } from "../More";
import { Waiting } from "../Waiting";
import { ElementDrawer } from "./ElementDrawer";
import { StartLink } from "./StartLink";

function mapColumns(onOpen: (element: string) => void): TableColumnsType<SourceMapLine> {
  return [
    {
      title: "标准数据元",
      key: "element",
      render: (_, one) => (
        <>
          <Button type="link" size="small" className="flush" onClick={() => onOpen(one.element)}>
            {one.name || one.element}
          </Button>
          <div className="quiet">{one.element}</div>
        </>
      ),
    },
    {
      title: "来源",
      key: "state",
      render: (_, one) => (
        <>
          <Tag color={elementColours[one.state]}>{elementStates[one.state]}</Tag>
          {one.conflict && <Tag color="red">权威来源有冲突</Tag>}
        </>
      ),
    },
    {
      title: "数源部门",
      key: "source",
      responsive: ["sm"],
      render: (_, one) =>
        one.source ? (
          <>
            <DepartmentName id={one.source.department} />
            <div className="quiet">{day(one.source.designated_at)}</div>
          </>
        ) : (
          "—"
        ),
    },
    {
      title: "提供",
      key: "counts",
      responsive: ["md"],
      render: (_, one) =>
        one.items === 0 ? "—" : `${one.departments} 个部门，${one.resources} 个目录条目，${one.items} 个数据项`,
    },
  ];
}

/** The map of a government, for its authority. */
function Territory() {
  const [state, setState] = useState<SourceMapLine["state"]>();
  const [typed, setTyped] = useState("");
  const [element, setElement] = useState<string>();
  const [saving, setSaving] = useState(false);
  const { message } = App.useApp();
  const map = useSourceMap({ state, q: useSettled(typed.trim()) || undefined });
  const first = map.data?.pages[0];
  const save = async () => {
    setSaving(true);
    try {
      saveBlob(`一数一源清单_${first?.region ?? ""}.csv`, await fetchSourceMap(undefined));
    } catch (error) {
      void message.error(problemOf(error).message);
    } finally {
      setSaving(false);
    }
  };
  return (
    <Waiting query={{ ...map, data: first }}>
      {(sheet) => (
        <>
          <div className="buttons gap-below" role="group" aria-label="按来源筛选">
            {countsOf(sheet).map((one) => (
              <Button
                key={one.state}
                type={state === one.state ? "primary" : "default"}
                aria-pressed={state === one.state}
                onClick={() => setState(state === one.state ? undefined : one.state)}
              >
                {one.name} {one.count}
              </Button>
            ))}
            {sheet.counts.conflicts > 0 && <Tag color="red">权威来源有冲突 {sheet.counts.conflicts}</Tag>}
          </div>
          <div className="filters">
            <Input.Search
              className="grow"
              allowClear
              aria-label="查找标准数据元"
              placeholder="代码或者名称的一部分"
              onChange={(event) => setTyped(event.target.value)}
            />
            <Button icon={<DownloadOutlined />} loading={saving} onClick={() => void save()}>
              导出 CSV
            </Button>
            <StartLink procedure="source_designation" />
          </div>
          <Card styles={{ body: { padding: 0 } }}>
            <Table<SourceMapLine>
              rowKey="element"
              columns={mapColumns(setElement)}
              dataSource={map.data?.pages.flatMap((page) => page.items) ?? []}
              size="middle"
              pagination={false}
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有符合条件的标准数据元" /> }}
            />
          </Card>
          <More list={map} />
          {element && <ElementDrawer element={element} onClose={() => setElement(undefined)} />}
        </>
      )}
    </Waiting>
  );
}

interface ListProps {
  title: string;
  empty: string;
  list: DepartmentElement[];
  onOpen: (element: string) => void;
  /** What may be begun about an element of this list. */
  procedure?: string;
}

function Elements({ title, empty, list, onOpen, procedure }: ListProps) {
  return (
    <Card size="small" title={`${title}（${list.length}）`} className="panel" styles={{ body: { padding: 0 } }}>
      <Table<DepartmentElement>
        rowKey="element"
        size="small"
        dataSource={list}
        pagination={list.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty} /> }}
        columns={[
          {
            title: "标准数据元",
            key: "element",
            render: (_, one) => (
              <>
                <Button type="link" size="small" className="flush" onClick={() => onOpen(one.element)}>
                  {one.name || one.element}
                </Button>{" "}
                <span className="quiet">{one.element}</span>
              </>
            ),
          },
          { title: "目录条目", dataIndex: "resources", key: "resources", align: "right" },
          {
            title: "数源部门",
            key: "source",
            render: (_, one) => (one.source ? <DepartmentName id={one.source} /> : "—"),
          },
          {
            title: "",
            key: "do",
            align: "right",
            render: (_, one) => procedure && <StartLink procedure={procedure} subject={one.element} size="small" />,
          },
        ]}
      />
    </Card>
  );
}

/** What the own department is the source of. */
function Own() {
  const me = useMe().data;
  const [element, setElement] = useState<string>();
  return (
    <Waiting query={useDepartmentSources(me?.department.id)}>
      {(sheet) => (
        <>
          <Elements title="本部门是数源部门" empty="本部门不是任何标准数据元的数源部门" list={sheet.own} onOpen={setElement} />
          <Elements title="本部门提供，数源是其他部门" empty="没有" list={sheet.others} onOpen={setElement} />
          <Elements
            title="本部门提供，尚未明确数源部门"
            empty="没有"
            list={sheet.open}
            onOpen={setElement}
            procedure="source_designation"
          />
          {element && <ElementDrawer element={element} onClose={() => setElement(undefined)} />}
        </>
      )}
    </Waiting>
  );
}

/** 一数一源: an authority sees its government's map, everybody the own department's part (CN-19.2). */
export function SourceMapPanel() {
  return useMe().data?.territory ? <Territory /> : <Own />;
}
