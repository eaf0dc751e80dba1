import { Card, Tabs, Typography } from "antd";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import type { Lodged } from "../api/types";
import { FollowForm } from "../components/complaint/FollowForm";
import { Kept } from "../components/complaint/Kept";
import { LodgeForm } from "../components/complaint/LodgeForm";

/** Complaints of the public about how their data is shared; nobody signs in (CN-37). */
export function ComplaintsPage() {
  const [lodged, setLodged] = useState<Lodged>();
  useEffect(() => {
    document.title = "投诉举报 · 数桥";
  }, []);
  return (
    <main className="sign-in">
      <Card className="complaint-card">
        <Typography.Title level={1} style={{ fontSize: 24 }}>
          投诉举报
        </Typography.Title>
        <p className="quiet">
          对政务数据共享中泄露、滥用、数据错误、重复收集等问题，任何组织和个人都可以投诉举报，可以不留姓名和联系方式。
        </p>
        {lodged ? (
          <Kept lodged={lodged} onAgain={() => setLodged(undefined)} />
        ) : (
          <Tabs
            items={[
              { key: "lodge", label: "提交", children: <LodgeForm onLodged={setLodged} /> },
              { key: "follow", label: "查询办理情况", children: <FollowForm /> },
            ]}
          />
        )}
        <p className="sign-in-foot">
          <Link to="/sign-in">工作人员登录</Link>
        </p>
      </Card>
    </main>
  );
}
