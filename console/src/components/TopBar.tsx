import { LogoutOutlined, MenuOutlined } from "@ant-design/icons";
import { Button, Layout, Tooltip } from "antd";
import { Link } from "react-router";
import type { Me } from "../api/types";
import { useSignOut } from "../hooks/useSession";
import { CartBadge } from "./cart/CartBadge";
import { roles, word } from "../words/labels";

interface Props {
  me: Me;
  onMenu: () => void;
}

/** Header: the product, the department and the person, and the way out. */
export function TopBar({ me, onMenu }: Props) {
  const signOut = useSignOut();
  const titles = (me.roles ?? []).map((role) => word(roles, role)).join("、");
  return (
    <Layout.Header className="top-bar">
      <Button type="text" className="top-bar-menu" icon={<MenuOutlined />} aria-label="打开菜单" onClick={onMenu} />
      <Link to="/todos" className="top-bar-name">
        数桥<span className="top-bar-sub"> · 政务数据共享</span>
      </Link>
      <div className="top-bar-who">
        {me.roles.some((role) => role === "clerk" || role === "office_head") && <CartBadge />}
        <Tooltip title={titles}>
          <Link to="/account" className="top-bar-person" aria-label={`我的账户：${me.department.name} ${me.person.name}`}>
            <span className="top-bar-department">{me.department.name}</span>
            <strong>{me.person.name}</strong>
          </Link>
        </Tooltip>
        <Button
          type="text"
          className="top-bar-out"
          icon={<LogoutOutlined />}
          loading={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          退出
        </Button>
      </div>
    </Layout.Header>
  );
}
